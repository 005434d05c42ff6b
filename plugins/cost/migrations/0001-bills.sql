-- SPDX-License-Identifier: LGPL-2.1-or-later
CREATE TABLE bill (
  id BIGINT PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  job_id TEXT NOT NULL,
  reason TEXT,
  row_count BIGINT NOT NULL DEFAULT 0,
  rejected_count BIGINT NOT NULL DEFAULT 0,
  totals JSON,
  uploaded_at TIMESTAMP NOT NULL,
  ingested_at TIMESTAMP
);

-- The columns of a bill that stay open to questions; the file itself is kept as it came.
CREATE TABLE line_item (
  bill_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  charge_start TIMESTAMP NOT NULL,
  charge_end TIMESTAMP,
  account TEXT,
  service TEXT,
  service_category TEXT,
  region TEXT,
  resource TEXT,
  charge_category TEXT,
  description TEXT,
  sku TEXT,
  quantity DECIMAL,
  unit TEXT,
  currency TEXT NOT NULL,
  billed_cost DECIMAL NOT NULL,
  effective_cost DECIMAL NOT NULL,
  list_cost DECIMAL,
  contracted_cost DECIMAL,
  tags JSON,
  PRIMARY KEY (bill_id, line)
);

CREATE TABLE rejected_line (
  bill_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  column_name TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (bill_id, line)
);

-- Days are counted from 1970-01-01, UTC.
CREATE TABLE daily_cost (
  bill_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  account TEXT,
  service TEXT,
  region TEXT,
  currency TEXT NOT NULL,
  billed_cost DECIMAL NOT NULL,
  effective_cost DECIMAL NOT NULL,
  list_cost DECIMAL NOT NULL,
  contracted_cost DECIMAL NOT NULL
);
CREATE INDEX daily_cost_by_day ON daily_cost (day);
CREATE INDEX daily_cost_by_bill ON daily_cost (bill_id);

CREATE TABLE daily_tag_cost (
  bill_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  account TEXT,
  service TEXT,
  region TEXT,
  tag_key TEXT NOT NULL,
  tag_value TEXT NOT NULL,
  currency TEXT NOT NULL,
  billed_cost DECIMAL NOT NULL,
  effective_cost DECIMAL NOT NULL,
  list_cost DECIMAL NOT NULL,
  contracted_cost DECIMAL NOT NULL
);
CREATE INDEX daily_tag_cost_by_key ON daily_tag_cost (tag_key, day);
CREATE INDEX daily_tag_cost_by_bill ON daily_tag_cost (bill_id);
