#pragma once
/* What the Crypto room needs of OpenSSL and Swift cannot import: macros and variadic functions. */
