/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

__attribute__ ((visibility ("default"))) int sample_nothing (void);

int
sample_nothing (void)
{
  return 0;
}
