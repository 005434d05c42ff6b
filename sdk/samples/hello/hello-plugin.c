/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <heptad.h>

static void
on_get_greeting (HeptadCall *call, gpointer self)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autofree char *greeting = g_strdup_printf ("Hello, %s!", heptad_call_get_string (call, "name"));

  heptad_builder_set_string (answer, "greeting", greeting);
  heptad_call_return (call, heptad_builder_end (answer));
}

static const HeptadOperationEntry operations[] = {
  HEPTAD_OPERATION ("getGreeting", on_get_greeting),
  { NULL },
};

HEPTAD_DEFINE_PLUGIN (.id = "hello", .version = "1.0.0", .operations = operations)
