// Reads every row of Parquet files with a reader that is not ours, and prints one line of JSON for each:
//   {file, rows, groups, columns}
// A row group that its metadata does not describe, or a value that does not decode, is an error.
//
//   read_parquet.mjs NODE_MODULES FILE...
import fs from "node:fs";
import path from "node:path";

const [modules, ...files] = process.argv.slice(2);
const { parquetMetadata, parquetReadObjects } = await import(
  path.resolve(modules, "hyparquet/src/index.js")
);

for (const file of files) {
  const bytes = fs.readFileSync(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const metadata = parquetMetadata(buffer);
  const rows = await parquetReadObjects({ file: buffer });
  const groups = metadata.row_groups.map((group) => Number(group.num_rows));
  const stated = Number(metadata.num_rows);
  const total = groups.reduce((sum, n) => sum + n, 0);
  if (rows.length !== stated || total !== stated) {
    throw new Error(`${file}: ${rows.length} rows, ${stated} stated, ${total} in its row groups`);
  }
  const columns = Object.keys(rows[0] ?? {});
  console.log(JSON.stringify({ file, rows: rows.length, groups: groups.length, columns: columns.length }));
}
