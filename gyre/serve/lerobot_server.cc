#include "gyre/serve/lerobot_server.h"

#include "gyre/core/error.h"

#ifndef GYRE_HAS_GRPC

namespace gyre::serve {

struct LerobotServer::Impl {};
LerobotServer::LerobotServer(Service&, const LerobotOptions&) {
  throw Error("--lerobot-port", "this gyre was built without gRPC",
              "install libgrpc++-dev and build again");
}
LerobotServer::~LerobotServer() = default;
uint16_t LerobotServer::port() const { return 0; }

}  // namespace gyre::serve

#else

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "gyre/serve/lerobot_desk.h"

namespace gyre::serve {
namespace {

constexpr std::string_view kService = "/transport.AsyncInference/";
constexpr int kMostMessageBytes = 4 << 20;  // of one piece, as LeRobot's server

std::vector<uint8_t> bytes_in(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::vector<uint8_t> bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.insert(bytes.end(), slice.begin(), slice.end());
  return bytes;
}

// One call of the service. It deletes itself when gRPC is done with it.
class LerobotCall final : public grpc::ServerGenericBidiReactor {
 public:
  LerobotCall(lerobot::Desk& desk, const LerobotOptions& options, const std::string& method,
              std::string client)
      : desk_(desk), options_(options), client_(std::move(client)) {
    const bool known = method.starts_with(kService);
    method_ = known ? method.substr(kService.size()) : "";
    if (method_ != "Ready" && method_ != "SendPolicyInstructions" &&
        method_ != "SendObservations" && method_ != "GetActions") {
      Finish({grpc::StatusCode::UNIMPLEMENTED, "the service has no such call"});
    } else {
      StartRead(&incoming_);
    }
  }

  void OnReadDone(bool more) override {
    try {
      if (more) {
        take(bytes_in(incoming_));
        return StartRead(&incoming_);
      }
      end();
    } catch (const std::exception& error) {
      Finish({grpc::StatusCode::INVALID_ARGUMENT, error.what()});
    }
  }
  void OnDone() override { delete this; }

 private:
  void take(const std::vector<uint8_t>& message) {
    if (method_ == "SendPolicyInstructions") {
      desk_.set_up(client_, lerobot::read_payload(message, 1).data);
    } else if (method_ == "SendObservations") {
      const lerobot::Payload payload = lerobot::read_payload(message, 2);
      if (payload.piece == lerobot::Piece::kBegin) payload_.clear();
      if (payload_.size() + payload.data.size() > options_.max_payload_bytes) {
        throw Error("observation", "is too large");
      }
      payload_.insert(payload_.end(), payload.data.begin(), payload.data.end());
      if (payload.piece != lerobot::Piece::kEnd) return;
      desk_.observe(client_, payload_);
      payload_.clear();
    }
  }

  void end() {
    if (method_ == "Ready") desk_.ready(client_);
    if (method_ != "GetActions") return reply("");
    desk_.act(client_,
              [this](const std::string& actions) { reply(lerobot::write_payload(actions)); });
  }

  void reply(const std::string& message) {
    const grpc::Slice slice(message);
    outgoing_ = grpc::ByteBuffer(&slice, 1);
    StartWriteAndFinish(&outgoing_, {}, grpc::Status::OK);
  }

  lerobot::Desk& desk_;
  const LerobotOptions& options_;
  const std::string client_;
  std::string method_;
  std::vector<uint8_t> payload_;
  grpc::ByteBuffer incoming_, outgoing_;
};

class LerobotCalls final : public grpc::CallbackGenericService {
 public:
  LerobotCalls(lerobot::Desk& desk, const LerobotOptions& options)
      : desk_(desk), options_(options) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new LerobotCall(desk_, options_, context->method(), context->peer());
  }

 private:
  lerobot::Desk& desk_;
  const LerobotOptions& options_;
};

}  // namespace

struct LerobotServer::Impl {
  Impl(Service& service, const LerobotOptions& given)
      : options(given),
        desk(service, {.policy = given.policy, .wait_s = given.wait_s}),
        calls(desk, options) {
    const std::string address = "127.0.0.1:" + std::to_string(options.port);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 16);
    builder.SetMaxReceiveMessageSize(kMostMessageBytes);
    grpc::ResourceQuota quota("lerobot");
    quota.Resize(size_t{256} << 20);
    builder.SetResourceQuota(quota);
    builder.RegisterCallbackGenericService(&calls);
    server = builder.BuildAndStart();
    if (server == nullptr || port == 0) {
      throw Error(address, "cannot listen there", "choose another with --lerobot-port");
    }
  }
  ~Impl() {
    if (server != nullptr) {
      server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(3));
    }
  }

  const LerobotOptions options;
  lerobot::Desk desk;
  LerobotCalls calls;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
};

LerobotServer::LerobotServer(Service& service, const LerobotOptions& options)
    : impl_(std::make_unique<Impl>(service, options)) {}
LerobotServer::~LerobotServer() = default;
uint16_t LerobotServer::port() const { return static_cast<uint16_t>(impl_->port); }

}  // namespace gyre::serve

#endif
