#include "gyre/io/mcap_repair.h"

#include "gyre/core/stop_signal.h"
#include "gyre/io/mcap_sink.h"

namespace gyre::io {
namespace {

class Copier {
 public:
  Copier(mcap::Scanner& scanner, mcap::Sink& sink, McapRepair& kept)
      : scanner_(scanner), sink_(sink), kept_(kept) {}

  void copy(const mcap::Item& item);

 private:
  mcap::Scanner& scanner_;
  mcap::Sink& sink_;
  McapRepair& kept_;

  void chunk(const mcap::Item& item);
  void describe(uint16_t channel);
  void count(uint16_t channel) { ++kept_.messages[scanner_.channels().find(channel)->topic]; }
};

uint16_t id_of(mcap::View body) { return mcap::Cursor(body).number<uint16_t>(); }

void Copier::copy(const mcap::Item& item) {
  mcap::Summary& summary = sink_.summary();
  const uint64_t offset = sink_.size(), length = mcap::kPrefixBytes + item.body.size();
  switch (item.opcode) {
    case mcap::Opcode::kChunk:
      return chunk(item);
    case mcap::Opcode::kMessage: {
      const mcap::MessageFields message = *mcap::parse_message(item.body);
      describe(message.channel);
      sink_.loose(item.opcode, item.body);
      summary.message(message.channel, message.log_time_ns);
      return count(message.channel);
    }
    case mcap::Opcode::kAttachment:
      sink_.loose(item.opcode, item.body);
      summary.attachment(*mcap::parse_attachment(item.body), offset, length);
      ++kept_.attachments;
      return;
    case mcap::Opcode::kMetadata:
      sink_.loose(item.opcode, item.body);
      summary.metadata(mcap::Cursor(item.body).text(), offset, length);
      return;
    default:  // schemas and channels are written when a message needs them
      return;
  }
}

void Copier::chunk(const mcap::Item& item) {
  mcap::MessageIndex index;
  mcap::Cursor records(item.records);
  while (!records.rest().empty()) {
    const size_t at = item.records.size() - records.rest().size();
    const mcap::Record record = *mcap::next_record(records);
    switch (record.opcode) {
      case mcap::Opcode::kSchema:
        if (id_of(record.body) != 0) sink_.summary().schema(id_of(record.body), record.body);
        break;
      case mcap::Opcode::kChannel:
        sink_.summary().channel(id_of(record.body), record.body);
        break;
      case mcap::Opcode::kMessage: {
        const mcap::MessageFields message = *mcap::parse_message(record.body);
        describe(message.channel);
        index[message.channel].emplace_back(message.log_time_ns, at);
        count(message.channel);
        break;
      }
      default:
        break;
    }
  }
  const mcap::ChunkHeader& chunk = item.chunk;
  sink_.chunk({item.times.first_ns, item.times.last_ns, chunk.uncompressed_size,
               chunk.uncompressed_crc, chunk.compression, chunk.records},
              index);
  ++kept_.chunks;
}

// A channel that only a lost or a later part of the file describes.
void Copier::describe(uint16_t id) {
  if (sink_.summary().has_channel(id)) return;
  const auto channel = scanner_.channels().find(id);
  if (channel->schema && !sink_.summary().has_schema(channel->schema->id)) {
    const mcap::Bytes schema = mcap::schema_body(*channel->schema);
    sink_.loose(mcap::Opcode::kSchema, schema);
    sink_.summary().schema(channel->schema->id, schema);
  }
  const mcap::Bytes body = mcap::channel_body(*channel);
  sink_.loose(mcap::Opcode::kChannel, body);
  sink_.summary().channel(id, body);
}

}  // namespace

McapRepair repair_mcap(const std::filesystem::path& in, const std::filesystem::path& out,
                       FileCalls& calls, const std::function<bool()>& stop) {
  std::error_code ignored;
  if (std::filesystem::equivalent(in, out, ignored)) {
    throw Error(out.string(), "is the file that is to be repaired", "name another one");
  }
  const mcap::MappedFile file(in);
  mcap::Scanner scanner(file.bytes(), kMcapMaxChunkBytes);
  McapRepair kept;
  const auto write = [&](const std::filesystem::path& temporary) {
    mcap::Sink sink(temporary, calls);
    Copier copier(scanner, sink, kept);
    for (mcap::Item item; scanner.next(item);) {
      if (stop && stop()) throw Interrupted(out.string(), "was not written");
      copier.copy(item);
    }
    sink.close();
  };
  write_atomically(out, write, calls);
  kept.losses = scanner.losses();
  kept.was_complete = scanner.complete();
  return kept;
}

}  // namespace gyre::io
