#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace gyre::serve {

struct RemoteOptions {
  std::string url;                // ws[s]://HOST[:PORT][/PATH]; without a port 8000
  std::string token;              // sent as "Authorization: Api-Key"; off this machine only by wss
  std::filesystem::path ca_file;  // PEM, trusted for wss; empty: the certificates of the system
  size_t most_in_flight = 1;      // questions without an answer
  size_t max_message_bytes = size_t{16} << 20;
  double connect_s = 3;             // name and TCP
  double handshake_s = 5;           // TLS, upgrade and metadata
  double answer_s = 5;              // for one answer
  double first_answer_s = 60;       // for the first of a connection: many servers compile then
  double idle_s = 5;                // without a sign of life; a ping is sent after half of it
  bool busy_answers_pings = false;  // openpi's servers do not while they compute
  double retry_least_s = 0.1,
         retry_most_s = 2;  // pause before it connects again; doubled each time
};

struct RemoteUrl {
  bool tls = false;
  std::string host, target = "/";
  uint16_t port = 8000;
};
// Throws Error.
RemoteUrl parse_remote_url(const std::string& url);

// The messages of a connection, which it does not understand itself. All calls come from the
// remote's thread. Questions are numbered by the implementation.
class RemoteTalk {
 public:
  virtual ~RemoteTalk() = default;
  // The first message of a new connection. Throws Error that says why this server will not do.
  virtual void greet(std::span<const uint8_t> metadata) = 0;
  // Takes the next question that waits; -1: none.
  virtual int take() = 0;
  // Its message. Throws Error, which fails this question alone.
  virtual std::string message(int question) = 0;
  // Takes an answer; returns the question that was answered. Throws Error for a message that
  // answers none, which ends the connection.
  virtual int answer(std::span<const uint8_t> message) = 0;
  // No answer will come to a question that was taken. `why` is one line.
  virtual void fail(int question, const std::string& why) = 0;
};

// A websocket to a policy server, plain or TLS, on a thread of its own. It connects by itself,
// again and again, and bounds every wait and all memory: a connection that is late, silent or sends
// what is no answer is ended, and all its questions fail. Without a connection questions fail at
// once. Pings are answered.
class Remote {
 public:
  // `talk` must outlive it. Throws Error for an address, token or certificate file that will not
  // do; that nobody listens is no error.
  Remote(const RemoteOptions& options, RemoteTalk& talk);
  ~Remote();

  // A question waits for take(). From any thread; one write to an eventfd, which never waits.
  void wake() noexcept;
  bool connected() const noexcept;       // the metadata has been accepted
  int64_t connections() const noexcept;  // so far

  // The rest locks, so it is not for a control thread.
  std::string last_error() const;  // one line; "" when there was none
  // Waits for a connection, at most so long. False when there is none, at once when the server
  // refuses this client.
  bool wait_connected(double seconds) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::serve
