// The formats that a table may have, one a source file.
#pragma once

#include "data/tables/importers/record_reader.hpp"

namespace rondo {

std::unique_ptr<RecordReader> open_csv(const TableInput& input);
std::unique_ptr<RecordReader> open_tsv(const TableInput& input);
std::unique_ptr<RecordReader> open_lines(const TableInput& input);
std::unique_ptr<RecordReader> open_conllu(const TableInput& input);
std::unique_ptr<RecordReader> open_conll(const TableInput& input);
std::unique_ptr<RecordReader> open_files(const TableInput& input);
std::unique_ptr<RecordReader> open_folder(const TableInput& input);
std::unique_ptr<RecordReader> open_npy(const TableInput& input);
std::unique_ptr<RecordReader> open_hdf5(const TableInput& input);

}  // namespace rondo
