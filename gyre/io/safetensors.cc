#include "gyre/io/safetensors.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

struct DtypeInfo {
  Dtype dtype;
  std::string_view name;
  size_t bytes;
};
constexpr std::array<DtypeInfo, 8> kDtypes = {{{Dtype::kF64, "F64", 8},
                                               {Dtype::kF32, "F32", 4},
                                               {Dtype::kF16, "F16", 2},
                                               {Dtype::kBF16, "BF16", 2},
                                               {Dtype::kI64, "I64", 8},
                                               {Dtype::kI32, "I32", 4},
                                               {Dtype::kU8, "U8", 1},
                                               {Dtype::kBool, "BOOL", 1}}};

const DtypeInfo& info(Dtype dtype) { return kDtypes[static_cast<size_t>(dtype)]; }

constexpr uint64_t kLargestHeader = 100'000'000;  // as the format's own library

float half_to_float(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  const uint32_t exponent = (half >> 10) & 31, mantissa = half & 0x3ff;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000 | (mantissa << 13));
  if (exponent != 0)
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float small = static_cast<float>(mantissa) * 0x1p-24f;
  return sign != 0 ? -small : small;
}

template <class T>
T read_as(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

TensorView parse_tensor(const std::string& where, const nlohmann::json& json,
                        std::span<const std::byte> data) {
  if (!json.is_object() || !json.contains("dtype") || !json["dtype"].is_string() ||
      !json.contains("shape") || !json["shape"].is_array() || !json.contains("data_offsets") ||
      !json["data_offsets"].is_array() || json["data_offsets"].size() != 2) {
    throw Error(where, "its header entry lacks dtype, shape or data_offsets");
  }
  const std::string name = json["dtype"];
  const auto dtype = std::find_if(kDtypes.begin(), kDtypes.end(),
                                  [&](const DtypeInfo& each) { return each.name == name; });
  if (dtype == kDtypes.end()) throw Error(where, "its dtype '" + name + "' is unknown");

  TensorView view{.dtype = dtype->dtype, .shape = {}, .bytes = {}};
  uint64_t wanted = dtype->bytes;
  for (const nlohmann::json& size : json["shape"]) {
    if (!size.is_number_unsigned()) throw Error(where, "its shape is not a list of sizes");
    const auto n = size.get<uint64_t>();
    if (n > (uint64_t{1} << 48) || __builtin_mul_overflow(wanted, n, &wanted)) {
      throw Error(where, "its shape is too large");
    }
    view.shape.push_back(static_cast<int64_t>(n));
  }
  const nlohmann::json &first = json["data_offsets"][0], &last = json["data_offsets"][1];
  if (!first.is_number_unsigned() || !last.is_number_unsigned()) {
    throw Error(where, "its data_offsets are not two positions");
  }
  const auto begin = first.get<uint64_t>(), end = last.get<uint64_t>();
  if (begin > end || end > data.size()) {
    throw Error(where,
                fmt::format("its data {}..{} is not within the file's {} bytes of data", begin, end,
                            data.size()),
                "the file is truncated or corrupt; copy it again");
  }
  if (end - begin != wanted) {
    throw Error(where, fmt::format("holds {} bytes where its shape needs {}", end - begin, wanted));
  }
  view.bytes = data.subspan(begin, end - begin);
  return view;
}

}  // namespace

std::string_view dtype_name(Dtype dtype) { return info(dtype).name; }
size_t dtype_bytes(Dtype dtype) { return info(dtype).bytes; }

int64_t TensorView::count() const {
  return static_cast<int64_t>(bytes.size() / dtype_bytes(dtype));
}

std::vector<float> TensorView::to_floats() const {
  std::vector<float> values(static_cast<size_t>(count()));
  for (size_t i = 0; i < values.size(); ++i) {
    const std::byte* at = bytes.data() + i * dtype_bytes(dtype);
    switch (dtype) {
      case Dtype::kF64:
        values[i] = static_cast<float>(read_as<double>(at));
        break;
      case Dtype::kF32:
        values[i] = read_as<float>(at);
        break;
      case Dtype::kF16:
        values[i] = half_to_float(read_as<uint16_t>(at));
        break;
      case Dtype::kBF16:
        values[i] = std::bit_cast<float>(static_cast<uint32_t>(read_as<uint16_t>(at)) << 16);
        break;
      default:
        throw Error("tensor", fmt::format("of dtype {} where numbers with a fraction are wanted",
                                          dtype_name(dtype)));
    }
  }
  return values;
}

SafeTensors SafeTensors::parse(const std::filesystem::path& path, std::string_view header,
                               std::span<const std::byte> data) {
  SafeTensors file;
  file.path_ = path;
  const nlohmann::json json = nlohmann::json::parse(header, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) throw Error(path.string(), "its header is not JSON");
  std::vector<std::pair<size_t, size_t>> ranges;
  for (const auto& [name, entry] : json.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) throw Error(path.string(), "its __metadata__ is not a map");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) throw Error(path.string(), "its __metadata__ holds more than text");
        file.metadata_[key] = value;
      }
      continue;
    }
    TensorView view = parse_tensor(path.string() + ": tensor '" + name + "'", entry, data);
    const size_t begin = view.bytes.data() - data.data();
    if (!view.bytes.empty()) ranges.emplace_back(begin, begin + view.bytes.size());
    file.tensors_.emplace(name, std::move(view));
  }
  std::sort(ranges.begin(), ranges.end());
  for (size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second) {
      throw Error(path.string(), fmt::format("two tensors overlap at byte {}", ranges[i].first));
    }
  }
  return file;
}

void SafeTensors::release(const TensorView& tensor) const {
  if (!mapping_ || tensor.bytes.empty()) return;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::byte* begin = tensor.bytes.data();
  const size_t before = reinterpret_cast<uintptr_t>(begin) % page;  // of the tensor's first page
  madvise(const_cast<std::byte*>(begin - before), before + tensor.bytes.size(), MADV_DONTNEED);
}

SafeTensors SafeTensors::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(path, "open", errno);
  struct stat status = {};
  const bool known = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = static_cast<uint64_t>(known ? status.st_size : 0);
  if (size < 8) {
    ::close(descriptor);
    throw Error(path.string(), "is no safetensors file: shorter than its header's length");
  }
  void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int error = errno;
  ::close(descriptor);
  if (address == MAP_FAILED) throw_file_error(path, "map", error);
  std::shared_ptr<const void> mapping(
      address, [size](const void* at) { munmap(const_cast<void*>(at), size); });
  const std::span<const std::byte> all(static_cast<const std::byte*>(address), size);
  const auto header = read_as<uint64_t>(all.data());
  if (header > kLargestHeader || header > size - 8) {
    throw Error(path.string(), fmt::format("its header is said to be {} bytes long", header),
                "the file is truncated or no safetensors file");
  }
  const std::string_view text(reinterpret_cast<const char*>(all.data()) + 8, header);
  SafeTensors file = parse(path, text, all.subspan(8 + header));
  file.mapping_ = std::move(mapping);
  return file;
}

const TensorView* SafeTensors::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

const TensorView& SafeTensors::at(const std::string& name) const {
  const TensorView* view = find(name);
  if (view == nullptr) throw Error(path_.string(), "has no tensor '" + name + "'");
  return *view;
}

void write_safetensors(const std::filesystem::path& file, const std::vector<TensorHeader>& tensors,
                       const std::map<std::string, std::string>& metadata,
                       const std::function<std::span<const std::byte>(size_t)>& bytes_of) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::vector<uint64_t> sizes;
  uint64_t offset = 0;
  for (const TensorHeader& tensor : tensors) {
    uint64_t bytes = dtype_bytes(tensor.dtype);
    for (int64_t n : tensor.shape) bytes *= static_cast<uint64_t>(n);
    header[tensor.name] = {{"dtype", dtype_name(tensor.dtype)},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
    sizes.push_back(bytes);
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // data begins at a multiple of eight
  write_atomically(file, [&](const std::filesystem::path& temporary) {
    OutputFile out(temporary);
    const auto length = static_cast<uint64_t>(text.size());
    uint8_t prefix[8];
    std::memcpy(prefix, &length, 8);
    out.write(prefix);
    out.write(text);
    for (size_t i = 0; i < tensors.size(); ++i) {
      const std::span<const std::byte> bytes = bytes_of(i);
      if (bytes.size() != sizes[i]) {
        throw Error(file.string(),
                    "tensor '" + tensors[i].name + "' has another size than declared");
      }
      out.write({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    }
    out.close();
  });
}

}  // namespace gyre::io
