/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-error.h"

#include <errno.h>
#include <string.h>

#include "core/store/dialect.h"
#include "sdk/heptad-error.h"

static HeptadError
code_of_constraint (sqlite3 *db, int extended)
{
  const char *message = sqlite3_errmsg (db);

  if (extended == SQLITE_CONSTRAINT_DATATYPE)
    return HEPTAD_ERROR_INVALID_INPUT;
  /* The dialect's own checks stand for a column's type. */
  if (extended == SQLITE_CONSTRAINT_CHECK && strstr (message, DIALECT_TYPE_CHECK) != NULL)
    return HEPTAD_ERROR_INVALID_INPUT;
  return HEPTAD_ERROR_CONFLICT;
}

static HeptadError
code_of_io_error (sqlite3 *db)
{
  switch (sqlite3_system_errno (db))
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return HEPTAD_ERROR_STORAGE_FULL;
    default:
      return HEPTAD_ERROR_INTERNAL;
    }
}

static HeptadError
code_of (sqlite3 *db, int code)
{
  switch (code & 0xff)
    {
    case SQLITE_CONSTRAINT:
      return code_of_constraint (db, sqlite3_extended_errcode (db));
    case SQLITE_MISMATCH:
      return HEPTAD_ERROR_INVALID_INPUT;
    case SQLITE_FULL:
      return HEPTAD_ERROR_STORAGE_FULL;
    case SQLITE_IOERR:
      return code_of_io_error (db);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return HEPTAD_ERROR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return HEPTAD_ERROR_BUSY;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return HEPTAD_ERROR_UNAVAILABLE;
    case SQLITE_TOOBIG:
      return HEPTAD_ERROR_TOO_LARGE;
    case SQLITE_NOMEM:
      return HEPTAD_ERROR_BUSY;
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
      return HEPTAD_ERROR_PLUGIN_FAULT;
    default:
      return HEPTAD_ERROR_INTERNAL;
    }
}

static const char *
advice_for (HeptadError code)
{
  switch (code)
    {
    case HEPTAD_ERROR_CORRUPT:
      return ": the file is damaged; it was left as it is. Restore it from a backup";
    case HEPTAD_ERROR_STORAGE_FULL:
      return ": no space is left on the disk or within its quota";
    case HEPTAD_ERROR_UNAVAILABLE:
      return ": check that the data directory exists and that this user may write to it";
    default:
      return "";
    }
}

void
sqlite_error_set (sqlite3 *db, int code, const char *where, GError **error)
{
  HeptadError mapped = code_of (db, code);
  const char *message = db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (code);

  g_set_error (error, HEPTAD_ERROR, mapped, "%s: %s%s", where, message, advice_for (mapped));
}
