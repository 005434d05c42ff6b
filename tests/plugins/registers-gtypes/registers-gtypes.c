/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

#define SAMPLE_TYPE_THING (sample_thing_get_type ())
G_DECLARE_FINAL_TYPE (SampleThing, sample_thing, SAMPLE, THING, GObject)

struct _SampleThing {
  GObject parent;
};

G_DEFINE_FINAL_TYPE (SampleThing, sample_thing, G_TYPE_OBJECT)

static void
sample_thing_class_init (SampleThingClass *klass)
{
}

static void
sample_thing_init (SampleThing *self)
{
}

static gpointer
start (HeptadHost *host, GError **error)
{
  return g_object_new (SAMPLE_TYPE_THING, NULL);
}

HEPTAD_DEFINE_PLUGIN (.id = "registers-gtypes",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
