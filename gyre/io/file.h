#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gyre::io {

// Files whose every failure (missing, full disk, size limit, permission) is an Error that names the
// file and says what to do.

std::string read_text(const std::filesystem::path& file);
std::vector<uint8_t> read_bytes(const std::filesystem::path& file);

// The system calls that change what is on disk. A test puts its own in their place to count them,
// to fail one of them, or to record them and replay a loss of power.
class FileCalls {
 public:
  virtual ~FileCalls() = default;
  virtual int open(const char* path, int flags, unsigned mode);
  virtual ssize_t write(int descriptor, const void* bytes, size_t count);
  virtual int ftruncate(int descriptor, off_t size);
  virtual int fdatasync(int descriptor);
  virtual int fsync(int descriptor);
  virtual int rename(const char* from, const char* to);
  virtual int exchange(const char* a, const char* b);  // two files or folders change places
  virtual int link(const char* from, const char* to);  // a second name for a file
  static FileCalls& system();
};

// A file that is written from start to end. What `write` took is on disk only after `sync`.
class OutputFile {
 public:
  enum class Mode { kTruncate, kAppend };
  explicit OutputFile(std::filesystem::path file, Mode mode = Mode::kTruncate,
                      FileCalls& calls = FileCalls::system());
  ~OutputFile();  // ignores errors; call close() to learn of them
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;

  // One system call, unless the disk takes only a part.
  void write(std::span<const uint8_t> bytes);
  void write(std::string_view text);
  void truncate(uint64_t size);  // what is written next begins there
  void sync();                   // fsync
  void sync_data();              // fdatasync
  void close();                  // sync, then close
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  FileCalls* calls_;
};

// fsync of a file that another library wrote.
void sync_file(const std::filesystem::path& file, FileCalls& calls = FileCalls::system());
// A file that is new in a folder, or renamed there, lasts only when its folder is synced too.
// Silent where the folder cannot be opened or synced.
void sync_folder(const std::filesystem::path& folder, FileCalls& calls = FileCalls::system());
void sync_folder_of(const std::filesystem::path& file, FileCalls& calls = FileCalls::system());

// True if two folders in `folder` can change places: not on every network file system.
bool can_exchange(const std::filesystem::path& folder, FileCalls& calls = FileCalls::system());

// Whole or not at all: written beside `file` under another name, synced, then renamed over it.
void write_atomically(const std::filesystem::path& file, std::string_view text,
                      FileCalls& calls = FileCalls::system());
// The same for what a library writes itself: `write` gets the temporary path. Whatever it throws is
// passed on and the temporary file removed.
void write_atomically(const std::filesystem::path& file,
                      const std::function<void(const std::filesystem::path&)>& write,
                      FileCalls& calls = FileCalls::system());

// Error for a failed system call on `file`, with errno's words and what to do about a full disk.
[[noreturn]] void throw_file_error(const std::filesystem::path& file, std::string_view doing,
                                   int error_number);

// Makes a file size limit an error of write() instead of a signal. Called once by each program.
void ignore_file_size_signal();

}  // namespace gyre::io
