/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/router.h"

#include "sdk/heptad-error.h"

#include <string.h>

typedef struct {
  HeptadOperation operations[16];
  guint n_operations;
  HeptadRouter *router;
} Fixture;

static HeptadOperation *
add (Fixture *fixture, const char *method, const char *path)
{
  HeptadOperation *operation = &fixture->operations[fixture->n_operations++];
  g_autoptr (GError) error = NULL;

  operation->method = (char *) method;
  operation->path = (char *) path;
  operation->qualified = (char *) path;
  g_assert_true (heptad_router_add (fixture->router, operation, &error));
  g_assert_no_error (error);
  return operation;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->router = heptad_router_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  heptad_router_free (fixture->router);
}

static void
assert_capture (const HeptadRouteMatch *match, guint i, const char *expected)
{
  g_assert_cmpuint (i, <, match->n_captures);
  g_assert_cmpmem (match->captures[i].text, match->captures[i].length, expected, strlen (expected));
}

static void
test_literal_wins (Fixture *fixture, gconstpointer data)
{
  HeptadOperation *by_name = add (fixture, "GET", "/bills/{id}");
  HeptadOperation *newest = add (fixture, "GET", "/bills/newest");
  g_auto (HeptadRouteMatch) match = { 0 };

  g_assert_true (heptad_router_match (fixture->router, "GET", "/bills/newest", &match));
  g_assert_true (match.operation == newest);
  g_assert_cmpuint (match.n_captures, ==, 0);
  g_assert_true (heptad_router_match (fixture->router, "GET", "/bills/newest2", &match));
  g_assert_true (match.operation == by_name);
  assert_capture (&match, 0, "newest2");
}

static void
test_dead_end_goes_back (Fixture *fixture, gconstpointer data)
{
  HeptadOperation *lines = add (fixture, "GET", "/bills/{id}/lines/{line}");
  g_auto (HeptadRouteMatch) match = { 0 };

  add (fixture, "GET", "/bills/newest/total");
  g_assert_true (heptad_router_match (fixture->router, "GET", "/bills/newest/lines/7", &match));
  g_assert_true (match.operation == lines);
  g_assert_cmpuint (match.n_captures, ==, 2);
  assert_capture (&match, 0, "newest");
  assert_capture (&match, 1, "7");
  g_assert_false (heptad_router_match (fixture->router, "GET", "/bills/newest/lines", &match));
  g_assert_null (match.allow);
  g_assert_cmpuint (match.n_captures, ==, 0);
}

static void
test_other_method_lists_allowed (Fixture *fixture, gconstpointer data)
{
  g_auto (HeptadRouteMatch) match = { 0 };

  add (fixture, "GET", "/bills");
  add (fixture, "POST", "/bills");
  g_assert_false (heptad_router_match (fixture->router, "DELETE", "/bills", &match));
  g_assert_cmpstr (match.allow, ==, "OPTIONS, GET, HEAD, POST");
}

static void
test_head_is_get (Fixture *fixture, gconstpointer data)
{
  HeptadOperation *bills = add (fixture, "GET", "/bills");
  g_auto (HeptadRouteMatch) match = { 0 };

  g_assert_true (heptad_router_match (fixture->router, "HEAD", "/bills", &match));
  g_assert_true (match.operation == bills);
}

static void
test_strange_paths (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = {
    "",         "/",         "bills",    "/bills/",         "//bills",
    "/bills//", "/bills/a/", "/Bills/a", "/bills/../bills", "/bills/%2e%2e/x",
    "/%62ills", "/bills/a%", "*"
  };
  g_auto (HeptadRouteMatch) match = { 0 };
  guint found = 0;

  add (fixture, "GET", "/bills/{id}");
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    found += heptad_router_match (fixture->router, "GET", paths[i], &match);
  /* Only "/bills/a%" has the shape of the route; decoding then refuses it. */
  g_assert_cmpuint (found, ==, 1);
}

static void
test_taken_path_names_both (Fixture *fixture, gconstpointer data)
{
  HeptadOperation again = { .method = "GET", .path = "/bills/{other}", .qualified = "cost.again" };
  g_autoptr (GError) error = NULL;

  add (fixture, "GET", "/bills/{id}")->qualified = "cost.first";
  g_assert_false (heptad_router_add (fixture->router, &again, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_nonnull (strstr (error->message, "cost.first"));
  g_assert_nonnull (strstr (error->message, "cost.again"));
}

#define ADD(name, function) g_test_add ("/router/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-literal-segment-wins-over-a-name", test_literal_wins);
  ADD ("a-literal-that-leads-nowhere-falls-back-to-the-name", test_dead_end_goes_back);
  ADD ("another-method-is-told-which-are-allowed", test_other_method_lists_allowed);
  ADD ("head-finds-what-get-would", test_head_is_get);
  ADD ("paths-of-another-shape-find-nothing", test_strange_paths);
  ADD ("a-path-that-is-taken-names-both-operations", test_taken_path_names_both);
  return g_test_run ();
}
