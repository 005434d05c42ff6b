/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-format.h"

#define COST_FORMAT_MAX_COLUMNS 40

typedef struct {
  const char *name;
  gboolean required;
} CostColumn;

/* One kind of bill. */
typedef struct {
  const char *name;
  const char *title;
  const CostColumn *columns;
  guint n_columns;
  const char *tag_prefix; /* (nullable) of columns that hold a tag each */
  gboolean (*read) (CostFormat *format,
                    CostCsvRecord *record,
                    CostLineItem *item,
                    CostRejection *rejection);
} CostFormatClass;

/* A column of the file whose name says which tag it holds. */
typedef struct {
  char *key;
  guint index;
} CostTagColumn;

struct _CostFormat {
  const CostFormatClass *class;
  CostTags *tags;
  guint n_fields;
  GArray *tag_columns;                /* CostTagColumn */
  int index[COST_FORMAT_MAX_COLUMNS]; /* of each column of the class in the file, or -1 */
};

extern const CostFormatClass cost_format_focus;
extern const CostFormatClass cost_format_aws_cur;

CostText cost_format_get_text (CostFormat *format, const CostCsvRecord *record, guint column);
gboolean cost_format_reject (CostFormat *format,
                             CostRejection *rejection,
                             guint column,
                             const char *expected,
                             CostText found);
gboolean cost_format_read_decimal (CostFormat *format,
                                   const CostCsvRecord *record,
                                   guint column,
                                   HeptadDecimal *number,
                                   gboolean *present,
                                   CostRejection *rejection);
gboolean cost_format_read_time (CostFormat *format,
                                const CostCsvRecord *record,
                                guint column,
                                gint64 *time_us,
                                CostRejection *rejection);
gboolean cost_format_read_currency (CostFormat *format,
                                    const CostCsvRecord *record,
                                    guint column,
                                    CostText *currency,
                                    CostRejection *rejection);
