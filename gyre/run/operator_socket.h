#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "gyre/run/operator.h"

namespace gyre::run {

// A local socket for tools that watch, order and drive: JSON, one object a line
// (docs/driving.md, "The socket"). Only the user who drives can open it. It runs on a thread of
// its own.
class OperatorSocket {
 public:
  static constexpr size_t kMostClients = 8;
  static constexpr size_t kMostLine = 4096;         // bytes; a client with a longer one is dropped
  static constexpr size_t kMostUnread = 64 * 1024;  // bytes that a client may leave unread

  // Replaces a socket that an earlier run left at `path`. Throws Error where there can be none.
  // `op` must outlive this.
  OperatorSocket(std::filesystem::path path, Operator& op);
  ~OperatorSocket();
  OperatorSocket(const OperatorSocket&) = delete;
  OperatorSocket& operator=(const OperatorSocket&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  struct Client;
  void work();
  void accept();
  void read(Client& client);
  void take_line(Client& client, const std::string& line);
  std::string answer(Client& client, const std::string& line);
  std::string obey(Client& client, std::string_view word, std::string_view author);
  void send(Client& client, std::string_view line);
  void flush(Client& client);
  void tell_watchers();
  void drop_gone();

  std::filesystem::path path_;
  Operator& operator_;
  int listener_ = -1;
  int wake_ = -1;  // an eventfd that ends the thread
  std::list<Client> clients_;
  const Client* driver_ = nullptr;  // has taken the robot
  std::thread thread_;
};

}  // namespace gyre::run
