#pragma once

#include <duckdb.h>

#include <filesystem>

#include "gyre/io/parquet.h"

namespace gyre::io {

// An open shared library. Closed only with the process: DuckDB keeps threads of its own.
class DuckdbLibrary {
 public:
  explicit DuckdbLibrary(const std::vector<std::filesystem::path>& candidates);

 protected:
  struct Symbol {
    void* address;
    template <class Function>
    operator Function*() const {  // NOLINT(google-explicit-constructor)
      return reinterpret_cast<Function*>(address);
    }
  };
  Symbol symbol(const char* name) const;

 private:
  void* handle_ = nullptr;
  std::filesystem::path path_;
};

// The functions of duckdb.h that reading and writing need, by their names without "duckdb_".
struct DuckdbApi : DuckdbLibrary {
  using DuckdbLibrary::DuckdbLibrary;

  decltype(&duckdb_library_version) library_version = symbol("duckdb_library_version");
  decltype(&duckdb_create_config) create_config = symbol("duckdb_create_config");
  decltype(&duckdb_set_config) set_config = symbol("duckdb_set_config");
  decltype(&duckdb_destroy_config) destroy_config = symbol("duckdb_destroy_config");
  decltype(&duckdb_open_ext) open_ext = symbol("duckdb_open_ext");
  decltype(&duckdb_close) close = symbol("duckdb_close");
  decltype(&duckdb_connect) connect = symbol("duckdb_connect");
  decltype(&duckdb_disconnect) disconnect = symbol("duckdb_disconnect");
  decltype(&duckdb_free) free = symbol("duckdb_free");

  decltype(&duckdb_query) query = symbol("duckdb_query");
  decltype(&duckdb_interrupt) interrupt = symbol("duckdb_interrupt");
  decltype(&duckdb_extract_statements) extract_statements = symbol("duckdb_extract_statements");
  decltype(&duckdb_extract_statements_error) extract_statements_error =
      symbol("duckdb_extract_statements_error");
  decltype(&duckdb_destroy_extracted) destroy_extracted = symbol("duckdb_destroy_extracted");
  decltype(&duckdb_prepare_extracted_statement) prepare_extracted_statement =
      symbol("duckdb_prepare_extracted_statement");
  decltype(&duckdb_prepare_error) prepare_error = symbol("duckdb_prepare_error");
  decltype(&duckdb_prepared_statement_type) prepared_statement_type =
      symbol("duckdb_prepared_statement_type");
  decltype(&duckdb_destroy_prepare) destroy_prepare = symbol("duckdb_destroy_prepare");
  decltype(&duckdb_result_error) result_error = symbol("duckdb_result_error");
  decltype(&duckdb_destroy_result) destroy_result = symbol("duckdb_destroy_result");
  decltype(&duckdb_column_count) column_count = symbol("duckdb_column_count");
  decltype(&duckdb_column_name) column_name = symbol("duckdb_column_name");
  decltype(&duckdb_column_logical_type) column_logical_type = symbol("duckdb_column_logical_type");
  decltype(&duckdb_fetch_chunk) fetch_chunk = symbol("duckdb_fetch_chunk");

  decltype(&duckdb_create_logical_type) create_logical_type = symbol("duckdb_create_logical_type");
  decltype(&duckdb_create_list_type) create_list_type = symbol("duckdb_create_list_type");
  decltype(&duckdb_create_struct_type) create_struct_type = symbol("duckdb_create_struct_type");
  decltype(&duckdb_destroy_logical_type) destroy_logical_type =
      symbol("duckdb_destroy_logical_type");
  decltype(&duckdb_get_type_id) get_type_id = symbol("duckdb_get_type_id");
  decltype(&duckdb_list_type_child_type) list_type_child_type =
      symbol("duckdb_list_type_child_type");
  decltype(&duckdb_array_type_child_type) array_type_child_type =
      symbol("duckdb_array_type_child_type");
  decltype(&duckdb_array_type_array_size) array_type_array_size =
      symbol("duckdb_array_type_array_size");
  decltype(&duckdb_decimal_scale) decimal_scale = symbol("duckdb_decimal_scale");
  decltype(&duckdb_decimal_internal_type) decimal_internal_type =
      symbol("duckdb_decimal_internal_type");
  decltype(&duckdb_struct_type_child_count) struct_type_child_count =
      symbol("duckdb_struct_type_child_count");
  decltype(&duckdb_struct_type_child_name) struct_type_child_name =
      symbol("duckdb_struct_type_child_name");
  decltype(&duckdb_struct_type_child_type) struct_type_child_type =
      symbol("duckdb_struct_type_child_type");

  decltype(&duckdb_data_chunk_get_size) data_chunk_get_size = symbol("duckdb_data_chunk_get_size");
  decltype(&duckdb_data_chunk_set_size) data_chunk_set_size = symbol("duckdb_data_chunk_set_size");
  decltype(&duckdb_data_chunk_get_vector) data_chunk_get_vector =
      symbol("duckdb_data_chunk_get_vector");
  decltype(&duckdb_destroy_data_chunk) destroy_data_chunk = symbol("duckdb_destroy_data_chunk");
  decltype(&duckdb_vector_size) vector_size = symbol("duckdb_vector_size");
  decltype(&duckdb_vector_get_data) vector_get_data = symbol("duckdb_vector_get_data");
  decltype(&duckdb_vector_get_validity) vector_get_validity = symbol("duckdb_vector_get_validity");
  decltype(&duckdb_vector_ensure_validity_writable) vector_ensure_validity_writable =
      symbol("duckdb_vector_ensure_validity_writable");
  decltype(&duckdb_validity_row_is_valid) validity_row_is_valid =
      symbol("duckdb_validity_row_is_valid");
  decltype(&duckdb_validity_set_row_invalid) validity_set_row_invalid =
      symbol("duckdb_validity_set_row_invalid");
  decltype(&duckdb_vector_assign_string_element_len) vector_assign_string_element_len =
      symbol("duckdb_vector_assign_string_element_len");
  decltype(&duckdb_list_vector_get_child) list_vector_get_child =
      symbol("duckdb_list_vector_get_child");
  decltype(&duckdb_list_vector_set_size) list_vector_set_size =
      symbol("duckdb_list_vector_set_size");
  decltype(&duckdb_list_vector_reserve) list_vector_reserve = symbol("duckdb_list_vector_reserve");
  decltype(&duckdb_array_vector_get_child) array_vector_get_child =
      symbol("duckdb_array_vector_get_child");
  decltype(&duckdb_struct_vector_get_child) struct_vector_get_child =
      symbol("duckdb_struct_vector_get_child");

  decltype(&duckdb_create_table_function) create_table_function =
      symbol("duckdb_create_table_function");
  decltype(&duckdb_destroy_table_function) destroy_table_function =
      symbol("duckdb_destroy_table_function");
  decltype(&duckdb_table_function_set_name) table_function_set_name =
      symbol("duckdb_table_function_set_name");
  decltype(&duckdb_table_function_set_bind) table_function_set_bind =
      symbol("duckdb_table_function_set_bind");
  decltype(&duckdb_table_function_set_init) table_function_set_init =
      symbol("duckdb_table_function_set_init");
  decltype(&duckdb_table_function_set_function) table_function_set_function =
      symbol("duckdb_table_function_set_function");
  decltype(&duckdb_register_table_function) register_table_function =
      symbol("duckdb_register_table_function");
  decltype(&duckdb_bind_add_result_column) bind_add_result_column =
      symbol("duckdb_bind_add_result_column");
  decltype(&duckdb_init_set_max_threads) init_set_max_threads =
      symbol("duckdb_init_set_max_threads");
};

// A connection to the in-memory database; one for each call, so that calls may run side by side.
class DuckdbConnection {
 public:
  DuckdbConnection(const DuckdbApi& api, duckdb_database database);
  ~DuckdbConnection() { api_.disconnect(&connection_); }
  DuckdbConnection(const DuckdbConnection&) = delete;
  DuckdbConnection& operator=(const DuckdbConnection&) = delete;

  duckdb_connection get() const { return connection_; }
  // Throws Error with DuckDB's words.
  Table query(const std::string& sql, const std::string& about) const;

 private:
  const DuckdbApi& api_;
  duckdb_connection connection_ = nullptr;
};

struct Parquet::Database {
  explicit Database(const std::vector<std::filesystem::path>& libraries);
  ~Database() { api.close(&handle); }

  DuckdbApi api;
  duckdb_database handle = nullptr;
};

// Makes the table function from which Parquet::write feeds files known to the database; once.
void register_rows(const DuckdbApi& api, duckdb_connection connection);

}  // namespace gyre::io
