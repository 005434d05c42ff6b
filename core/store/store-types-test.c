/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/store-fixture.h"

static const char schema[] = "CREATE TABLE item ("
                             "  id TEXT PRIMARY KEY,"
                             "  amount DECIMAL(20, 10),"
                             "  n BIGINT,"
                             "  ratio DOUBLE PRECISION,"
                             "  flag BOOLEAN,"
                             "  at TIMESTAMP WITH TIME ZONE,"
                             "  doc JSON,"
                             "  raw BYTES"
                             ");"
                             "CREATE INDEX item_amount ON item (amount);";

static HeptadDecimal
decimal (const char *text)
{
  HeptadDecimal out = HEPTAD_DECIMAL_ZERO;
  g_assert_true (heptad_decimal_parse (text, -1, &out, NULL));
  return out;
}

static void
add_amount (HeptadStore *store, const char *id, const char *amount)
{
  store_fixture_run (store, "INSERT INTO item (id, amount) VALUES ($1, $2)",
                     HEPTAD_SQL (heptad_sql_text (id), heptad_sql_decimal (decimal (amount))));
}

static void
test_round_trip (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (HeptadValue) doc =
      heptad_value_parse ("{\"n\":12345678901234567890,\"t\":\"é\"}", -1, NULL);
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  store_fixture_run (fixture->store, "INSERT INTO item VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     HEPTAD_SQL (heptad_sql_text ("naïve"), heptad_sql_decimal (decimal ("8.4E-9")),
                                 heptad_sql_int64 (G_MININT64), heptad_sql_double (0.1),
                                 heptad_sql_boolean (TRUE), heptad_sql_time (1234567890123456),
                                 heptad_sql_json (doc), heptad_sql_bytes ("a\0b", 3)));
  g_autoptr (HeptadRows) rows =
      heptad_store_query (fixture->store, "SELECT * FROM item", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (heptad_rows_next (rows, &error));
  g_assert_cmpuint (heptad_rows_get_n_columns (rows), ==, 8);
  g_assert_cmpstr (heptad_rows_get_column_name (rows, 1), ==, "amount");
  g_assert_cmpstr (heptad_rows_get_text (rows, 0), ==, "naïve");
  g_assert_cmpint (
      heptad_decimal_compare (heptad_rows_get_decimal (rows, 1), decimal ("0.0000000084")), ==, 0);
  g_assert_cmpint (heptad_rows_get_int64 (rows, 2), ==, G_MININT64);
  g_assert_true (heptad_rows_get_double (rows, 3) == 0.1);
  g_assert_true (heptad_rows_get_boolean (rows, 4));
  g_assert_cmpint (heptad_rows_get_time (rows, 5), ==, 1234567890123456);
  g_autoptr (HeptadValue) found = heptad_rows_get_json (rows, 6);
  g_assert_true (heptad_value_equal (found, doc));
  g_assert_cmpint (memcmp (heptad_rows_get_bytes (rows, 7, &length), "a\0b", 3), ==, 0);
  g_assert_cmpuint (length, ==, 3);
  g_assert_null (heptad_rows_get_text (rows, 7));
  g_assert_false (heptad_rows_next (rows, &error));
  g_assert_no_error (error);
}

static void
test_neutral_values (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (HeptadRows) rows = heptad_store_query (
      fixture->store, "SELECT NULL, 'abc', 1.5, '12.50', 9223372036854775807", NULL, NULL, NULL);

  g_assert_true (heptad_rows_next (rows, NULL));
  g_assert_true (heptad_rows_is_null (rows, 0));
  g_assert_null (heptad_rows_get_text (rows, 0));
  g_assert_cmpint (heptad_rows_get_int64 (rows, 1), ==, 0);
  g_assert_cmpint (heptad_rows_get_int64 (rows, 2), ==, 0);
  g_assert_true (heptad_decimal_is_zero (heptad_rows_get_decimal (rows, 1)));
  g_assert_cmpint (heptad_decimal_compare (heptad_rows_get_decimal (rows, 3), decimal ("12.5")), ==,
                   0);
  g_assert_cmpint (heptad_rows_get_int64 (rows, 4), ==, G_MAXINT64);
}

static void
test_parameters_by_number (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  store_assert_reads (fixture->store, "SELECT $2, $1, $2 || '-' || $1",
                      HEPTAD_SQL (heptad_sql_text ("one"), heptad_sql_text ("two")),
                      "two|one|two-one");
  store_assert_reads (fixture->store, "SELECT '$1', \"id\" FROM item WHERE $1 = 'x' -- $2",
                      HEPTAD_SQL (heptad_sql_text ("x")), "");
}

static void
test_wrong_parameter_count (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (heptad_store_query (fixture->store, "SELECT $1, $2",
                                     HEPTAD_SQL (heptad_sql_null ()), NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_nonnull (strstr (error->message, "takes 2 parameters and was given 1"));
}

static void
test_decimal_sums (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      add_amount (fixture->store, id, "0.1");
    }
  store_assert_reads (fixture->store, "SELECT sum(amount), avg(amount) FROM item", NULL, "1|0.1");
  add_amount (fixture->store, "big", "99999999999999999999999999.0000000001");
  add_amount (fixture->store, "small", "-0.0000000084");
  store_assert_reads (fixture->store, "SELECT sum(amount) FROM item", NULL,
                      "99999999999999999999999999.9999999917");
  store_assert_reads (fixture->store, "SELECT sum(amount) FROM item WHERE id = 'none'", NULL,
                      "NULL");
  store_assert_reads (fixture->store,
                      "SELECT sum(n), sum(ratio) FROM (SELECT 1 AS n, 0.5 AS ratio)", NULL,
                      "1|0.5");
}

static void
test_decimal_windows (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  add_amount (fixture->store, "a", "0.1");
  add_amount (fixture->store, "b", "0.2");
  add_amount (fixture->store, "c", "0.3");
  add_amount (fixture->store, "d", "100000000000000000000.5");
  store_assert_reads (
      fixture->store,
      "SELECT sum(amount) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM item"
      " ORDER BY id",
      NULL, "0.1;0.3;0.5;100000000000000000000.8");
}

static void
test_decimal_order (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  add_amount (fixture->store, "a", "10");
  add_amount (fixture->store, "b", "9.5");
  add_amount (fixture->store, "c", "-3");
  add_amount (fixture->store, "d", "10.00000001");
  store_assert_reads (fixture->store, "SELECT id FROM item ORDER BY amount", NULL, "c;b;a;d");
  store_assert_reads (fixture->store, "SELECT min(amount), max(amount) FROM item", NULL,
                      "-3|10.00000001");
  store_assert_reads (fixture->store, "SELECT id FROM item WHERE amount > 9.6 ORDER BY id", NULL,
                      "a;d");
  store_assert_reads (fixture->store, "SELECT id FROM item WHERE amount = $1",
                      HEPTAD_SQL (heptad_sql_decimal (decimal ("10.000"))), "a");
  store_assert_reads (fixture->store,
                      "SELECT id, sum(amount) AS total FROM item GROUP BY id ORDER BY total DESC",
                      NULL, "d|10.00000001;a|10;b|9.5;c|-3");
  store_assert_reads (
      fixture->store,
      "SELECT id FROM item GROUP BY id HAVING sum(amount) > 9 AND 10 >= sum(amount) ORDER BY id",
      NULL, "a;b");
  store_assert_reads (fixture->store,
                      "SELECT total FROM (SELECT sum(amount) AS total FROM item GROUP BY id) AS t"
                      " ORDER BY total LIMIT 2",
                      NULL, "-3;9.5");
  store_assert_reads (fixture->store,
                      "SELECT id, max(amount) AS m FROM item GROUP BY id ORDER BY m", NULL,
                      "c|-3;b|9.5;a|10;d|10.00000001");
  store_assert_reads (
      fixture->store,
      "SELECT count(*) FROM (SELECT id, sum(amount) AS t FROM item GROUP BY id) AS s"
      " WHERE t > 9.6",
      NULL, "2");
  store_assert_reads (fixture->store,
                      "WITH s AS (SELECT amount AS a FROM item) SELECT max(a) FROM s"
                      " HAVING coalesce(max(a), 0) > 9",
                      NULL, "10.00000001");
  store_assert_reads (fixture->store,
                      "SELECT max(t) FROM (SELECT sum(amount) AS t FROM item GROUP BY id) AS s",
                      NULL, "10.00000001");
  store_assert_reads (fixture->store,
                      "SELECT count(*) FROM item HAVING coalesce(sum(length(id)), 0) > 5", NULL,
                      "");
  store_assert_reads (fixture->store, "SELECT id FROM item ORDER BY decimal_mul(amount, -1)", NULL,
                      "d;a;b;c");
  store_assert_reads (fixture->store,
                      "SELECT id FROM item ORDER BY coalesce(decimal_add(amount, 0), '0')", NULL,
                      "c;b;a;d");
}

static void
test_decimal_functions (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  store_assert_reads (
      fixture->store,
      "SELECT decimal_add('0.1', '0.2'), decimal_sub(1, '0.9'), decimal_mul('1.1', '1.1'),"
      " decimal_div(1, 3, 4), decimal_div(2, 3), decimal_round('2.675', 2),"
      " CAST('1.50' AS DECIMAL(10, 2)), decimal_add(NULL, 1)",
      NULL, "0.3|0.1|1.21|0.3333|0.6666666666666667|2.68|1.5|NULL");
}

static void
test_wrong_types_are_refused (void)
{
  static const char *const statements[] = {
    "INSERT INTO item (id, n) VALUES ('x', 'abc')",
    "INSERT INTO item (id, amount) VALUES ('x', 'abc')",
    "INSERT INTO item (id, flag) VALUES ('x', 7)",
    "INSERT INTO item (id, doc) VALUES ('x', '{')",
    "INSERT INTO item (id, at) VALUES ('x', 'yesterday')",
    "SELECT sum(id) FROM (SELECT 'abc' AS id)",
    "SELECT decimal_div(1, 0)",
  };
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (GError) error = NULL;
      heptad_store_execute (fixture->store, statements[i], NULL, NULL, &error);
      if (!g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT))
        g_error ("'%s': %s", statements[i], error != NULL ? error->message : "was accepted");
    }
}

static void
test_json_operators (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (HeptadValue) doc = heptad_value_parse (
      "{\"n\":12345678901234567890,\"t\":true,\"a\":[1,{\"b\":\"x\"}],\"z\":null}", -1, NULL);

  store_fixture_run (fixture->store, "INSERT INTO item (id, doc) VALUES ('d', $1)",
                     HEPTAD_SQL (heptad_sql_json (doc)));
  store_assert_reads (fixture->store,
                      "SELECT doc ->> 'n', doc ->> 't', doc -> 'a' -> 1 ->> 'b', doc -> 'a' ->> -2,"
                      " doc ->> 'z', doc ->> 'none', doc -> 'a' FROM item",
                      NULL, "12345678901234567890|true|x|1|NULL|NULL|[1,{\"b\":\"x\"}]");
}

static void
test_times (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  store_assert_reads (fixture->store,
                      "SELECT date_trunc('day', 86399999999), date_trunc('day', -1),"
                      " date_trunc('month', 5097599999999), date_trunc('week', 345600000001)",
                      NULL, "0|-86400000000|2678400000000|345600000000");
}

static void
test_nulls_first (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  store_fixture_run (fixture->store,
                     "INSERT INTO item (id, n) VALUES ('a', 1), ('b', NULL), ('c', -5)", NULL);
  store_assert_reads (fixture->store, "SELECT id FROM item ORDER BY n", NULL, "b;c;a");
  store_assert_reads (fixture->store, "SELECT id FROM item ORDER BY n DESC", NULL, "a;c;b");
  store_assert_reads (fixture->store, "SELECT id FROM item ORDER BY n NULLS LAST", NULL, "c;a;b");
}

static void
test_like_is_case_sensitive (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  store_assert_reads (fixture->store, "SELECT 'Abc' LIKE 'a%', 'abc' LIKE 'a%'", NULL, "0|1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/types/every-type-comes-back-as-it-went-in", test_round_trip);
  g_test_add_func ("/store/types/what-does-not-convert-reads-as-neutral", test_neutral_values);
  g_test_add_func ("/store/types/parameters-go-by-their-number", test_parameters_by_number);
  g_test_add_func ("/store/types/a-wrong-number-of-parameters-is-named",
                   test_wrong_parameter_count);
  g_test_add_func ("/store/types/decimal-sums-are-exact", test_decimal_sums);
  g_test_add_func ("/store/types/decimal-window-sums-are-exact", test_decimal_windows);
  g_test_add_func ("/store/types/decimals-order-by-value", test_decimal_order);
  g_test_add_func ("/store/types/decimal-functions-are-exact", test_decimal_functions);
  g_test_add_func ("/store/types/values-of-a-wrong-type-are-refused", test_wrong_types_are_refused);
  g_test_add_func ("/store/types/json-operators-keep-exact-numbers", test_json_operators);
  g_test_add_func ("/store/types/times-are-truncated-in-utc", test_times);
  g_test_add_func ("/store/types/null-is-below-every-value", test_nulls_first);
  g_test_add_func ("/store/types/like-minds-the-case", test_like_is_case_sensitive);
  return g_test_run ();
}
