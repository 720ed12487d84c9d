#pragma once
#include <sqlite3.h>

// Variadic, so Swift cannot see it: stops SQLite from counting the memory that it takes, which costs
// a mutex at each allocation. Must come before the first connection; later it changes nothing.
static inline int muster_sqlite_count_no_memory(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
