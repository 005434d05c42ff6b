/* SPDX-License-Identifier: LGPL-2.1-or-later */
__attribute__ ((visibility ("default"))) int helper_of_private_library (void);

int
helper_of_private_library (void)
{
  return 1;
}
