/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

/**
 * COST_CSV_MAX_FIELDS:
 *
 * The most fields in a record.
 */
#define COST_CSV_MAX_FIELDS 512

/**
 * COST_CSV_MAX_RECORD:
 *
 * The longest record in bytes. Of a longer one, and of one whose quote is not closed when the file
 * ends, the first line is reported; reading goes on with the next.
 */
#define COST_CSV_MAX_RECORD (1024 * 1024)

/**
 * COST_CSV_BLOCK_SIZE:
 *
 * What is read, and stored, at once.
 */
#define COST_CSV_BLOCK_SIZE (4 * 1024 * 1024)

/**
 * CostText:
 *
 * A slice of a block, not NUL-terminated. `data` is %NULL for an absent value.
 */
typedef struct {
  char *data;
  guint32 length;
} CostText;

/**
 * CostCsv:
 *
 * Splits CSV (RFC 4180; also with bare LF, a byte order mark, and quotes only where needed) into
 * records. Works on blocks of memory and copies nothing: a record's fields point into the block and
 * stay valid until the next block is read. One thread at a time.
 */
typedef struct _CostCsv CostCsv;

typedef enum {
  COST_CSV_RECORD,       /* a record was read */
  COST_CSV_REJECTED,     /* a record cannot be read; `reason` tells why */
  COST_CSV_END_OF_BLOCK, /* the block is used up; read the next one */
} CostCsvResult;

/**
 * CostCsvRecord:
 * @line: the number of its first line, from 1
 * @n_fields: how many fields
 * @fields: the fields, quotes undone
 * @quoted: whether each stood in quotes
 * @reason: (nullable): why it was rejected; a constant
 */
typedef struct {
  guint64 line;
  guint n_fields;
  CostText fields[COST_CSV_MAX_FIELDS];
  gboolean quoted[COST_CSV_MAX_FIELDS];
  const char *reason;
} CostCsvRecord;

/**
 * cost_csv_new:
 * @block_size: bytes to read at once, more than @max_record; %COST_CSV_BLOCK_SIZE but in tests
 * @max_record: the longest record; %COST_CSV_MAX_RECORD but in tests
 */
CostCsv *cost_csv_new (gsize block_size, gsize max_record);
void cost_csv_free (CostCsv *csv);

/**
 * cost_csv_read_block:
 * @error: that of @source
 *
 * Fills the next block from @source, with the unfinished record of the last block before it.
 *
 * Returns: %FALSE at the end of @source when nothing is left, or on failure with @error set
 */
gboolean
cost_csv_read_block (CostCsv *csv, GInputStream *source, GCancellable *cancellable, GError **error);

/**
 * cost_csv_next:
 *
 * Reads the next record of the block.
 */
CostCsvResult cost_csv_next (CostCsv *csv, CostCsvRecord *record);

/**
 * cost_csv_get_offset:
 *
 * Returns: bytes of the source that were taken up to here
 */
gint64 cost_csv_get_offset (CostCsv *csv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostCsv, cost_csv_free)
