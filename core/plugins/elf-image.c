/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/elf-image.h"

#include <elf.h>
#include <link.h>
#include <string.h>

#include "sdk/heptad-error.h"

typedef ElfW (Ehdr) FileHeader;
typedef ElfW (Shdr) SectionHeader;
typedef ElfW (Sym) Symbol;

#define MAX_IMPORTS 65536

static const struct {
  guint16 machine;
  const char *name;
} machines[] = {
  { EM_X86_64, "x86-64" },     { EM_AARCH64, "64-bit ARM" }, { EM_386, "32-bit x86" },
  { EM_ARM, "32-bit ARM" },    { EM_RISCV, "RISC-V" },       { EM_PPC64, "64-bit PowerPC" },
  { EM_S390, "IBM z (s390)" }, { EM_MIPS, "MIPS" },
};

static const char *
name_machine (guint16 machine)
{
  for (guint i = 0; i < G_N_ELEMENTS (machines); i++)
    if (machines[i].machine == machine)
      return machines[i].name;
  return "an unknown processor";
}

/* The machine that this very program was built for, read from its own header in memory. */
static guint16
get_own_machine (void)
{
  extern const FileHeader __ehdr_start __attribute__ ((visibility ("hidden")));

  return __ehdr_start.e_machine;
}

static gboolean
check_header (const FileHeader *header, gsize size, GError **error)
{
  if (size < sizeof *header || memcmp (header->e_ident, ELFMAG, SELFMAG) != 0)
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_MALFORMED,
                           "it is no shared object (no ELF header); build the plugin again");
      return FALSE;
    }

  if (header->e_machine != get_own_machine ())
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
                   "it was built for %s and this host runs on %s; build it for this machine",
                   name_machine (header->e_machine), name_machine (get_own_machine ()));
      return FALSE;
    }

  if (header->e_ident[EI_CLASS] != (sizeof (void *) == 8 ? ELFCLASS64 : ELFCLASS32)
      || header->e_type != ET_DYN)
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
                           "it is an ELF file but no shared object of this machine's word size; "
                           "link it with -shared");
      return FALSE;
    }
  return TRUE;
}

/* Gives the bytes of section @index, or %NULL when it does not lie inside the file. */
static const guint8 *
get_section (const guint8 *data, gsize size, guint index, const SectionHeader **out_section)
{
  const FileHeader *header = (const void *) data;
  guint64 at = (guint64) header->e_shoff + (guint64) index * sizeof (SectionHeader);
  const SectionHeader *section;

  if (index >= header->e_shnum || header->e_shoff > size || at + sizeof (SectionHeader) > size
      || header->e_shoff % G_ALIGNOF (SectionHeader) != 0)
    return NULL;

  section = (const void *) (data + at);
  if (section->sh_offset > size || section->sh_size > size - section->sh_offset)
    return NULL;
  *out_section = section;
  return data + section->sh_offset;
}

static void
collect_imports (const guint8 *data,
                 gsize size,
                 const SectionHeader *section,
                 const guint8 *bytes,
                 GStrvBuilder *into)
{
  const SectionHeader *names_section = NULL;
  const guint8 *names = get_section (data, size, section->sh_link, &names_section);
  gsize n_symbols = MIN (section->sh_size / sizeof (Symbol), MAX_IMPORTS);

  if (names == NULL)
    return;

  for (gsize i = 0; i < n_symbols; i++)
    {
      Symbol symbol;

      memcpy (&symbol, bytes + i * sizeof symbol, sizeof symbol);
      if (symbol.st_shndx != SHN_UNDEF || symbol.st_name >= names_section->sh_size)
        continue;

      g_autofree char *name = g_strndup ((const char *) names + symbol.st_name,
                                         names_section->sh_size - symbol.st_name);
      if (*name != '\0')
        g_strv_builder_add (into, name);
    }
}

HeptadElfImage *
heptad_elf_image_read (GBytes *bytes, GError **error)
{
  g_autoptr (GStrvBuilder) imports = g_strv_builder_new ();
  HeptadElfImage *image;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const FileHeader *header = (const void *) data;

  if (!check_header (header, size, error))
    return NULL;

  for (guint i = 0; i < header->e_shnum; i++)
    {
      const SectionHeader *section = NULL;
      const guint8 *content = get_section (data, size, i, &section);

      if (content != NULL && section->sh_type == SHT_DYNSYM)
        collect_imports (data, size, section, content, imports);
    }

  image = g_new0 (HeptadElfImage, 1);
  image->imports = g_strv_builder_end (imports);
  return image;
}

void
heptad_elf_image_free (HeptadElfImage *image)
{
  g_strfreev (image->imports);
  g_free (image);
}

const char *
heptad_elf_image_find_import (const HeptadElfImage *image, const char *const *prefixes)
{
  for (guint i = 0; image->imports[i] != NULL; i++)
    for (guint p = 0; prefixes[p] != NULL; p++)
      if (g_str_has_prefix (image->imports[i], prefixes[p]))
        return image->imports[i];
  return NULL;
}
