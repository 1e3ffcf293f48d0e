#include "gyre/io/mcap_read.h"

namespace gyre::io {

McapReader::McapReader(const std::filesystem::path& file, McapReadOptions options)
    : file_(file), scanner_(file_.bytes(), options.max_chunk_bytes) {}

bool McapReader::next(McapMessage& message) {
  while (true) {
    while (!records_.rest().empty()) {
      const std::optional<mcap::Record> record = mcap::next_record(records_);
      if (record && record->opcode == mcap::Opcode::kMessage) {
        give(record->body, message);
        return true;
      }
    }
    mcap::Item item;
    if (!scanner_.next(item)) return false;
    switch (item.opcode) {
      case mcap::Opcode::kChunk:
        records_ = mcap::Cursor(item.records);
        ++chunks_;
        break;
      case mcap::Opcode::kMessage:
        give(item.body, message);
        return true;
      case mcap::Opcode::kAttachment:
        attachments_.push_back(*mcap::parse_attachment(item.body));
        break;
      default:
        break;
    }
  }
}

void McapReader::give(mcap::View body, McapMessage& message) {
  const mcap::MessageFields fields = *mcap::parse_message(body);  // the scanner checked it
  message.channel = scanner_.channels().find(fields.channel);
  message.sequence = fields.sequence;
  message.log_time_ns = fields.log_time_ns;
  message.publish_time_ns = fields.publish_time_ns;
  message.data = fields.data;
  ++messages_[message.channel->topic];
}

McapStatistics McapReader::statistics() const {
  return {messages_, chunks_, attachments_.size(), scanner_.losses(), scanner_.complete()};
}

}  // namespace gyre::io
