#include "gyre/serve/listener.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/serve/connection.h"

namespace gyre::serve {
namespace {

using internal::AnyConnection;
using internal::Connection;
using internal::Host;
namespace net = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::beast::error_code;
using PlainConnection = Connection<boost::beast::tcp_stream>;
using TlsConnection = Connection<boost::beast::ssl_stream<boost::beast::tcp_stream>>;

constexpr size_t kSpareConnections = 64;  // beyond the sessions: health checks and handshakes

// Throws Error unless the certificate in the file holds today.
void require_valid(const std::filesystem::path& file) {
  const std::unique_ptr<FILE, int (*)(FILE*)> open(std::fopen(file.c_str(), "r"), std::fclose);
  if (!open) throw Error(file.string(), "cannot be read");
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      PEM_read_X509(open.get(), nullptr, nullptr, nullptr), X509_free);
  if (!certificate) throw Error(file.string(), "is no certificate in PEM");
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) <= 0) {
    throw Error(file.string(), "the certificate has expired", "make a new one");
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0) {
    throw Error(file.string(), "the certificate does not hold yet", "check the clock");
  }
}

std::unique_ptr<ssl::context> tls_of(const ListenerOptions& options) {
  if (options.tls_cert.empty() && options.tls_key.empty()) return nullptr;
  if (options.tls_cert.empty() || options.tls_key.empty()) {
    throw Error("--tls-cert and --tls-key", "only one is given", "give both");
  }
  require_valid(options.tls_cert);
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                       ssl::context::no_tlsv1_1);
  error_code error;
  context->use_certificate_chain_file(options.tls_cert.string(), error);
  if (error) throw Error(options.tls_cert.string(), error.message());
  context->use_private_key_file(options.tls_key.string(), ssl::context::pem, error);
  if (error) throw Error(options.tls_key.string(), error.message(), "it must fit the certificate");
  return context;
}

class ContextMailbox : public Mailbox {
 public:
  explicit ContextMailbox(net::io_context& context) : context_(&context) {}
  void post(std::function<void()> handler) override {
    const std::lock_guard lock(mutex_);
    if (context_ != nullptr) net::post(*context_, std::move(handler));
  }
  void close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
  }

 private:
  std::mutex mutex_;
  net::io_context* context_;
};

}  // namespace

HttpAnswer http_line(int status, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  return {.status = status, .body = std::move(text)};
}

struct Listener::Impl {
  Impl(const ListenerOptions& given, Metrics& metrics)
      : options(given),
        gate(given.token_file.empty() ? Tokens{} : Tokens::read(given.token_file)),
        tls(tls_of(given)),
        host{metrics, options, gate, tls != nullptr, {}, nullptr, 0, {}} {
    if (!is_loopback(options.listen) && (!tls || gate.open())) {
      throw Error("--listen " + options.listen, "other machines could command the robots",
                  "give --tls-cert, --tls-key and --token-file, or --lan");
    }
    host.mailbox = mailbox;
    host.later = [this](std::function<HttpAnswer()> work, std::function<void(HttpAnswer)> done) {
      net::post(waiter, [this, work = std::move(work), done = std::move(done)] {
        mailbox->post([done, answer = work()] { done(answer); });
      });
    };
    bind();
  }

  ~Impl() {
    mailbox->close();
    waiter.join();
  }

  void bind() {
    const auto fail = [&](const char* doing, const error_code& error) {
      throw Error(fmt::format("{} port {}", options.listen, options.port),
                  fmt::format("{}: {}", doing, error.message()), "choose another with --port");
    };
    const net::ip::tcp::endpoint endpoint(net::ip::make_address(options.listen), options.port);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (error) fail("cannot open", error);
    acceptor.set_option(net::socket_base::reuse_address(true), error);
    acceptor.bind(endpoint, error);
    if (error) fail("cannot bind", error);
    acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error) fail("cannot listen", error);
    gate.name_cookie(acceptor.local_endpoint().port(), tls != nullptr);
  }

  void accept() {
    acceptor.async_accept([this](error_code error, net::ip::tcp::socket socket) {
      if (error == net::error::operation_aborted) return;
      if (error) {  // out of descriptors, for example: later again
        retry.expires_after(std::chrono::milliseconds(100));
        return retry.async_wait([this](error_code aborted) {
          if (!aborted) accept();
        });
      }
      take(std::move(socket));
      accept();
    });
  }

  void take(net::ip::tcp::socket socket) {
    std::erase_if(connections, [](const auto& weak) { return weak.expired(); });
    if (connections.size() >= options.max_sessions + kSpareConnections) {
      host.metrics.count_refused_connection("full");
      return;  // closes the socket
    }
    std::shared_ptr<AnyConnection> made;
    if (tls) {
      made =
          std::make_shared<TlsConnection>(host, boost::beast::tcp_stream(std::move(socket)), *tls);
    } else {
      made = std::make_shared<PlainConnection>(host, std::move(socket));
    }
    connections.push_back(made);
    made->start();
  }

  void sweep() {
    timer.expires_after(std::chrono::milliseconds(500));
    timer.async_wait([this](error_code aborted) {
      if (aborted) return;
      const auto now = std::chrono::steady_clock::now();
      for (const auto& weak : connections) {
        if (const auto connection = weak.lock()) connection->sweep(now);
      }
      sweep();
    });
  }

  void end() {
    error_code ignored;
    acceptor.close(ignored);
    timer.cancel();
    retry.cancel();
    for (const auto& weak : connections) {
      if (const auto connection = weak.lock()) connection->stop();
    }
    part(50);
  }

  // Waits for the peers' goodbyes, at most so many times 20 ms.
  void part(int times) {
    const bool all_gone = std::all_of(connections.begin(), connections.end(),
                                      [](const auto& weak) { return weak.expired(); });
    if (all_gone || times == 0) return context.stop();
    farewell.expires_after(std::chrono::milliseconds(20));
    farewell.async_wait([this, times](error_code) { part(times - 1); });
  }

  const ListenerOptions options;
  Gate gate;
  std::unique_ptr<ssl::context> tls;
  Host host;  // before the context, whose end destroys connections
  net::io_context context{1};
  const std::shared_ptr<ContextMailbox> mailbox = std::make_shared<ContextMailbox>(context);
  net::ip::tcp::acceptor acceptor{context};
  net::steady_timer timer{context}, retry{context}, farewell{context};
  net::thread_pool waiter{1};
  std::vector<std::weak_ptr<AnyConnection>> connections;
};

Listener::Listener(const ListenerOptions& options, Metrics& metrics)
    : impl_(std::make_unique<Impl>(options, metrics)) {}
Listener::~Listener() = default;

void Listener::add(Site& site) { impl_->host.sites.push_back(&site); }

uint16_t Listener::port() const { return impl_->acceptor.local_endpoint().port(); }

void Listener::run() {
  impl_->accept();
  impl_->sweep();
  impl_->context.run();
}

void Listener::stop() {
  impl_->mailbox->post([this] { impl_->end(); });
}

}  // namespace gyre::serve
