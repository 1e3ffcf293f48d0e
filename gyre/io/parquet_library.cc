#include "gyre/io/parquet_library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "gyre/core/error.h"

namespace gyre::io {
namespace {

int64_t quarter_of_memory_mib() {
  const int64_t pages = ::sysconf(_SC_PHYS_PAGES), bytes = ::sysconf(_SC_PAGESIZE);
  return std::max<int64_t>(pages / 4 * bytes / (1 << 20), 512);
}

}  // namespace

DuckdbLibrary::DuckdbLibrary(const std::vector<std::filesystem::path>& candidates) {
  for (const std::filesystem::path& path : candidates) {
    handle_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    path_ = path;
    if (handle_ != nullptr) return;
  }
  throw Error("DuckDB", "its library libduckdb.so, which reads and writes Parquet, is not here",
              "run scripts/setup.sh, or name it: GYRE_DUCKDB=FILE");
}

DuckdbLibrary::Symbol DuckdbLibrary::symbol(const char* name) const {
  void* address = ::dlsym(handle_, name);
  if (address == nullptr) {
    throw Error(path_.string(), std::string("this DuckDB has no ") + name,
                "run scripts/setup.sh for the version that fits");
  }
  return {address};
}

DuckdbConnection::DuckdbConnection(const DuckdbApi& api, duckdb_database database) : api_(api) {
  if (api_.connect(database, &connection_) != DuckDBSuccess) throw Error("DuckDB", "no connection");
}

Parquet::Database::Database(const std::vector<std::filesystem::path>& libraries) : api(libraries) {
  duckdb_config config = nullptr;
  api.create_config(&config);
  // One thread keeps the order of rows and row groups; nothing is fetched from the network.
  api.set_config(config, "threads", "1");
  // A result that does not fit is an error, and nothing is put aside in the present folder.
  api.set_config(config, "max_memory", fmt::format("{}MiB", quarter_of_memory_mib()).c_str());
  api.set_config(config, "temp_directory", "");
  api.set_config(config, "autoinstall_known_extensions", "false");
  api.set_config(config, "autoload_known_extensions", "false");
  // This cache goes by name, and files are opened by the number of a descriptor, which others get
  // later.
  api.set_config(config, "enable_external_file_cache", "false");
  char* message = nullptr;
  const bool open = api.open_ext(nullptr, &handle, config, &message) == DuckDBSuccess;
  api.destroy_config(&config);
  if (!open) throw Error("DuckDB", message == nullptr ? "does not open" : message);
  register_rows(api, DuckdbConnection(api, handle).get());
}

std::vector<std::filesystem::path> Parquet::default_libraries() {
  if (const char* chosen = std::getenv("GYRE_DUCKDB"); chosen != nullptr) return {chosen};
  std::error_code unknown;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  return {GYRE_DUCKDB_LIBRARY, program.parent_path() / "libduckdb.so", "libduckdb.so"};
}

Parquet::Parquet() = default;
Parquet::~Parquet() = default;

std::shared_ptr<const Parquet> Parquet::open(const std::vector<std::filesystem::path>& libraries) {
  std::shared_ptr<Parquet> parquet(new Parquet);
  parquet->database_ = std::make_unique<Database>(libraries);
  parquet->version_ = parquet->database_->api.library_version();
  return parquet;
}

}  // namespace gyre::io
