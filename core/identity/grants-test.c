/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/grants.h"

static void
test_exact (void)
{
  g_autoptr (HeptadGrants) grants = heptad_grants_new ();

  heptad_grants_add (grants, "cost:read", NULL);
  g_assert_true (heptad_grants_allow (grants, "cost:read", NULL));
  g_assert_true (heptad_grants_allow (grants, "cost:read", "account/1"));
  g_assert_false (heptad_grants_allow (grants, "cost:write", NULL));
  g_assert_false (heptad_grants_allow (grants, "cost", NULL));
  g_assert_false (heptad_grants_allow (grants, "", NULL));
}

static void
test_resource (void)
{
  g_autoptr (HeptadGrants) grants = heptad_grants_new ();

  heptad_grants_add (grants, "cost:optimize", "account/123456789012");
  heptad_grants_add (grants, "cost:read", "account/*");
  g_assert_true (heptad_grants_allow (grants, "cost:optimize", "account/123456789012"));
  g_assert_false (heptad_grants_allow (grants, "cost:optimize", "account/1234567890123"));
  g_assert_false (heptad_grants_allow (grants, "cost:optimize", "account/12345678901"));
  g_assert_false (heptad_grants_allow (grants, "cost:optimize", NULL));
  g_assert_true (heptad_grants_allow (grants, "cost:read", "account/9"));
  g_assert_false (heptad_grants_allow (grants, "cost:read", "project/9"));
  g_assert_false (heptad_grants_allow (grants, "cost:read", NULL));
}

static void
test_wildcards (void)
{
  g_autoptr (HeptadGrants) of_plugin = heptad_grants_new ();
  g_autoptr (HeptadGrants) readers = heptad_grants_new ();
  g_autoptr (HeptadGrants) all = heptad_grants_new ();

  heptad_grants_add (of_plugin, "cost:*", NULL);
  g_assert_true (heptad_grants_allow (of_plugin, "cost:read", NULL));
  g_assert_false (heptad_grants_allow (of_plugin, "costs:read", NULL));
  g_assert_false (heptad_grants_allow (of_plugin, "docs:read", NULL));
  heptad_grants_add (readers, "*:read", NULL);
  g_assert_true (heptad_grants_allow (readers, "docs:read", NULL));
  g_assert_false (heptad_grants_allow (readers, "docs:read-all", NULL));
  g_assert_false (heptad_grants_allow (readers, "docs:write", NULL));
  heptad_grants_add (all, "*", NULL);
  g_assert_true (heptad_grants_allow (all, "docs:read", "page/1"));
}

static void
test_forms (void)
{
  static const char *const good[] = { "*", "cost:*", "cost:read", "cost:read-all", "*:read" };
  static const char *const bad[] = {
    "", "cost", "cost:", ":read", "Cost:read", "cost:read\n", "cost**", "cost:re*d", "c:read"
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (heptad_permission_is_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (heptad_permission_is_valid (bad[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grants/allow-what-was-added-and-nothing-else", test_exact);
  g_test_add_func ("/grants/on-a-resource-do-not-cover-another", test_resource);
  g_test_add_func ("/grants/wildcards-stand-for-one-part", test_wildcards);
  g_test_add_func ("/grants/permissions-have-four-forms", test_forms);
  return g_test_run ();
}
