#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gyre/io/msgpack.h"

// Shared by the tests of this folder and of gyre/run.
namespace gyre::serve {

// A server as openpi has it: one client at a time, ordered answers without ids, no pings answered
// while it thinks. Each answer can go wrong in another way.
class ForeignServer {
 public:
  enum class How {
    kAnswer,  // a binary message
    kTwice,   // the same message two times
    kText,    // a text message, then the end with code 1011
    kCut,     // the end of the connection, without an answer
    kHalf,    // the same in the middle of one
    kHuge,    // a message that says it has 4 GiB, and the end when the client says goodbye
    kStall,   // nothing, and nothing is read
  };
  struct Reply {
    How how = How::kAnswer;
    std::string bytes;
  };
  struct Options {
    std::string metadata = "\x80";  // an empty map
    bool greets = true;
    uint16_t port = 0;                       // 0: a free one
    std::filesystem::path certificate, key;  // empty: no TLS
  };
  // `reply` runs on the server's thread.
  ForeignServer(Options options, std::function<Reply(const std::string& request)> reply)
      : options_(std::move(options)), reply_(std::move(reply)) {
    namespace net = boost::asio;
    const net::ip::tcp::endpoint here(net::ip::make_address("127.0.0.1"), options_.port);
    acceptor_.open(here.protocol());
    acceptor_.set_option(net::socket_base::reuse_address(true));
    acceptor_.bind(here);
    acceptor_.listen();
    if (!options_.certificate.empty()) {
      tls_.use_certificate_chain_file(options_.certificate.string());
      tls_.use_private_key_file(options_.key.string(), net::ssl::context::pem);
    }
    thread_ = std::thread([this] { accept(); });
  }
  ~ForeignServer() {
    ending_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    const int client = client_.load();
    if (client >= 0) ::shutdown(client, SHUT_RDWR);
    thread_.join();
  }
  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(const char* scheme = "ws") const {
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(port());
  }
  int connections() const { return connections_; }

 private:
  using Tcp = boost::asio::ip::tcp;
  using Error = boost::system::error_code;

  void accept() {
    while (!ending_) {
      Tcp::socket socket(context_);
      Error error;
      acceptor_.accept(socket, error);
      if (error || ending_) return;
      client_ = socket.native_handle();
      ++connections_;
      if (options_.certificate.empty()) {
        boost::beast::websocket::stream<Tcp::socket> plain(std::move(socket));
        serve(plain, plain.next_layer());
      } else {
        boost::beast::websocket::stream<boost::beast::ssl_stream<Tcp::socket>> secure(
            std::move(socket), tls_);
        secure.next_layer().handshake(boost::asio::ssl::stream_base::server, error);
        if (!error) serve(secure, secure.next_layer().next_layer());
      }
      client_ = -1;
    }
  }

  template <class Websocket>
  void serve(Websocket& socket, Tcp::socket& lowest) {
    Error error;
    socket.accept(error);
    socket.binary(true);
    if (!error && options_.greets) socket.write(boost::asio::buffer(options_.metadata), error);
    while (!error && !ending_) {
      boost::beast::flat_buffer buffer;
      if (!options_.greets) return stall();
      socket.read(buffer, error);
      if (error) return;
      char bytes[64];
      const Reply reply = reply_(boost::beast::buffers_to_string(buffer.data()));
      switch (reply.how) {
        case How::kTwice:
          socket.write(boost::asio::buffer(reply.bytes), error);
          [[fallthrough]];
        case How::kAnswer:
          socket.write(boost::asio::buffer(reply.bytes), error);
          break;
        case How::kText:
          socket.text(true);
          socket.write(boost::asio::buffer(reply.bytes), error);
          socket.close({boost::beast::websocket::close_code::internal_error, "see above"}, error);
          return;
        case How::kCut:
          lowest.close(error);
          return;
        case How::kHalf:
          write_raw(lowest, std::string("\x82\x7e\x10\x00", 4) + "begin");
          return;
        case How::kHuge:
          write_raw(lowest, std::string("\x82\x7f\x00\x00\x00\x01\x00\x00\x00\x00", 10) + "begin");
          lowest.read_some(boost::asio::buffer(bytes), error);  // the client's goodbye
          return;
        case How::kStall:
          return stall();
      }
    }
  }

  static void write_raw(Tcp::socket& lowest, const std::string& bytes) {
    Error ignored;
    boost::asio::write(lowest, boost::asio::buffer(bytes), ignored);
  }

  // Until the client has gone, or the server ends.
  void stall() {
    char byte = 0;
    const auto gone = [&] {
      return ::recv(client_, &byte, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL) == 0;
    };
    while (!ending_ && !closed_by_peer(gone)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  // A peer that has sent something and then gone is seen only when that is read.
  bool closed_by_peer(const std::function<bool()>& gone) const {
    char bytes[256];
    if (gone()) return true;
    const ssize_t got = ::recv(client_, bytes, sizeof(bytes), MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno == ECONNRESET);
  }

  Options options_;
  std::function<Reply(const std::string& request)> reply_;
  boost::asio::io_context context_;
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  Tcp::acceptor acceptor_{context_};
  std::atomic<bool> ending_{false};
  std::atomic<int> client_{-1}, connections_{0};
  std::thread thread_;
};

// An answer of openpi's server: {"actions": [horizon, dim]}.
inline std::string foreign_answer(const std::vector<float>& numbers, size_t horizon) {
  io::msgpack::Writer writer;
  writer.map(1);
  writer.text("actions");
  const size_t shape[] = {horizon, numbers.size() / horizon};
  writer.array(io::msgpack::Dtype::kFloat32, shape,
               {reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size() * sizeof(float)});
  return writer.take();
}

// A self-signed certificate and its key as PEM files, for "IP:127.0.0.1" or "DNS:elsewhere",
// which holds from `begin_s` to `end_s` seconds from now.
struct Certificate {
  std::filesystem::path certificate, key;

  static Certificate make(const std::filesystem::path& folder, const std::string& name,
                          long begin_s, long end_s) {
    Certificate made{folder / (name.substr(4) + std::to_string(end_s) + ".pem"),
                     folder / (name.substr(4) + std::to_string(end_s) + ".key")};
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> x509(X509_new(), X509_free);
    X509_set_version(x509.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), begin_s);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), end_s);
    X509_set_pubkey(x509.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(x509.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("gyre test"), -1, -1, 0);
    X509_set_issuer_name(x509.get(), subject);
    for (const auto& [kind, value] : {std::pair{NID_subject_alt_name, name},
                                      std::pair{NID_basic_constraints, std::string("CA:TRUE")}}) {
      const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> extension(
          X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free);
      X509_add_ext(x509.get(), extension.get(), -1);
    }
    X509_sign(x509.get(), key.get(), EVP_sha256());
    const auto write = [](const std::filesystem::path& file, const auto& into) {
      const std::unique_ptr<FILE, int (*)(FILE*)> open(std::fopen(file.c_str(), "w"), std::fclose);
      into(open.get());
    };
    write(made.certificate, [&](FILE* file) { PEM_write_X509(file, x509.get()); });
    write(made.key, [&](FILE* file) {
      PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return made;
  }
};

}  // namespace gyre::serve
