/* SPDX-License-Identifier: MIT */
/*
 * The operations on a bool, an enum and pointers, near and far, and percpu_ptr and percpu_reset on
 * types that no operation takes. It fails if a result or a value is wrong, or if any other byte of
 * any area or of the template changes.
 */
#include <percpu.h>

#include <string.h>

#include "common/unit.h"
#include "common/watch.h"

#define NCPU 3

enum colour { RED, GREEN = 5, BLUE = -1 };

struct node {
	struct node *next;
	bool used;
	double weight;
	char name[11];
};

PERCPU_DEFINE(bool[3], near_flags) = {true, false, true};
static PERCPU_DEFINE_FAR(bool, far_flag);
static PERCPU_DEFINE(enum colour[3], near_colours) = {GREEN, GREEN, GREEN};
static PERCPU_DEFINE_FAR(enum colour, far_colour) = BLUE;
static PERCPU_DEFINE(struct node *, near_node);
static PERCPU_DEFINE_FAR(struct node[3], far_nodes) = {[1] = {.weight = 2.5, .name = "one"}};
static PERCPU_DEFINE(const char *, near_text) = "initial";
static PERCPU_DEFINE(void (*)(void), near_function);
static PERCPU_DEFINE(double, near_double) = 0.5;
static PERCPU_DEFINE(uint8_t[3][5], near_table) = {{1}, {2}, {3}};

/* That OPERATION gives RESULT and leaves NEXT, of type TYPE, and touches nothing else. */
#define GIVES(lv, type, operation, result, next)                                                   \
	do {                                                                                       \
		type next_ = (next);                                                               \
                                                                                                   \
		watch_start();                                                                     \
		CHECK((operation) == (result));                                                    \
		CHECK(watch_found(percpu_offset(lv), &next_, sizeof(next_)));                      \
	} while (0)

#define LEAVES(lv, type, operation, next) GIVES(lv, type, ((operation), true), true, next)

/* A value that is true, but not 1, becomes true, as in an assignment. */
#define ON_FLAG(lv)                                                                                \
	do {                                                                                       \
		bool wanted = true;                                                                \
                                                                                                   \
		LEAVES(lv, bool, percpu_write(lv, 256), true);                                     \
		GIVES(lv, bool, percpu_read(lv), true, true);                                      \
		LEAVES(lv, bool, percpu_and(lv, 2), true);                                         \
		LEAVES(lv, bool, percpu_xor(lv, true), false);                                     \
		LEAVES(lv, bool, percpu_or(lv, "text" != NULL), true);                             \
		GIVES(lv, bool, percpu_xchg(lv, false), true, false);                              \
		GIVES(lv, bool, percpu_cmpxchg(lv, true, true), false, false);                     \
		GIVES(lv, bool, percpu_cmpxchg(lv, false, true), false, true);                     \
		GIVES(lv, bool, percpu_try_cmpxchg(lv, &wanted, false), true, false);              \
		GIVES(lv, bool, percpu_try_cmpxchg(lv, &wanted, true), false, false);              \
		CHECK(!wanted);                                                                    \
	} while (0)

static void flags(void)
{
	watch_init(NCPU, 1);
	ON_FLAG(near_flags[1]);
	ON_FLAG(far_flag);
	ON_FLAG(far_nodes[2].used);
	for (volatile size_t i = 0; i < 3; i++)
		ON_FLAG(near_flags[i]);
	LEAVES(near_flags[0], bool, percpu_reset(near_flags[0]), true);
}

#define ON_COLOUR(lv)                                                                              \
	do {                                                                                       \
		enum colour wanted = GREEN;                                                        \
                                                                                                   \
		LEAVES(lv, enum colour, percpu_write(lv, BLUE), BLUE);                             \
		GIVES(lv, enum colour, percpu_read(lv), BLUE, BLUE);                               \
		GIVES(lv, enum colour, percpu_inc_return(lv), RED, RED);                           \
		LEAVES(lv, enum colour, percpu_add(lv, GREEN), GREEN);                             \
		GIVES(lv, enum colour, percpu_xchg(lv, RED), GREEN, RED);                          \
		GIVES(lv, enum colour, percpu_dec_return(lv), BLUE, BLUE);                         \
		GIVES(lv, enum colour, percpu_cmpxchg(lv, RED, GREEN), BLUE, BLUE);                \
		GIVES(lv, enum colour, percpu_cmpxchg(lv, BLUE, GREEN), BLUE, GREEN);              \
		GIVES(lv, enum colour, percpu_try_cmpxchg(lv, &wanted, BLUE), true, BLUE);         \
		GIVES(lv, enum colour, percpu_try_cmpxchg(lv, &wanted, RED), false, BLUE);         \
		CHECK(wanted == BLUE);                                                             \
	} while (0)

static void enums(void)
{
	watch_init(NCPU, 2);
	ON_COLOUR(near_colours[1]);
	ON_COLOUR(far_colour);
	for (volatile size_t i = 0; i < 3; i++)
		ON_COLOUR(near_colours[i]);
	LEAVES(near_colours[2], enum colour, percpu_reset(near_colours[2]), GREEN);
}

#define ON_NODE(lv)                                                                                \
	do {                                                                                       \
		struct node a, b, *wanted = &b;                                                    \
                                                                                                   \
		LEAVES(lv, struct node *, percpu_write(lv, &a), &a);                               \
		GIVES(lv, struct node *, percpu_read(lv), &a, &a);                                 \
		GIVES(lv, struct node *, percpu_xchg(lv, &b), &a, &b);                             \
		GIVES(lv, struct node *, percpu_cmpxchg(lv, &a, NULL), &b, &b);                    \
		GIVES(lv, struct node *, percpu_cmpxchg(lv, &b, NULL), &b, NULL);                  \
		GIVES(lv, struct node *, percpu_try_cmpxchg(lv, &wanted, &a), false, NULL);        \
		GIVES(lv, struct node *, percpu_try_cmpxchg(lv, &wanted, &a), true, &a);           \
		CHECK(wanted == NULL);                                                             \
	} while (0)

static void pointers(void)
{
	watch_init(NCPU, 0);
	ON_NODE(near_node);
	ON_NODE(far_nodes[1].next);
	for (volatile size_t i = 0; i < 3; i++)
		ON_NODE(far_nodes[i].next);
	CHECK(!strcmp(percpu_read(near_text), "initial"));
	percpu_write(near_text, "other");
	CHECK(!strcmp(percpu_read(near_text), "other"));
	CHECK(percpu_xchg(near_function, pointers) == NULL);
	CHECK(percpu_read(near_function) == pointers);
}

/* A list whose head is this CPU's: a pointer's user does not need the operations. */
static void other_types(void)
{
	struct node *node;

	watch_init(NCPU, 1);
	node = percpu_ptr(far_nodes[1]);
	CHECK(node->weight == 2.5 && !strcmp(node->name, "one"));
	CHECK(node == &(*percpu_ptr(far_nodes))[1]);
	node->weight = 3;
	*percpu_ptr(near_double) += 1;
	(*percpu_ptr(near_table))[1][4] = 9;
	CHECK(percpu_ptr_on(far_nodes[1], 1)->weight == 3);
	CHECK(percpu_ptr_on(far_nodes[1], 0)->weight == 2.5);
	CHECK(*percpu_ptr_on(near_double, 1) == 1.5 && *percpu_ptr_on(near_double, 2) == 0.5);
	CHECK(percpu_read(near_table[1][4]) == 9 && percpu_read_on(near_table[1][4], 0) == 0);
}

static void reset_large(void)
{
	static const uint8_t table[3][5] = {{1}, {2}, {3}};
	struct node nodes[3] = {[1] = {.weight = 2.5, .name = "one"}};

	watch_init(NCPU, 2);
	memset(percpu_ptr(near_table), 0x77, sizeof(table));
	watch_start();
	percpu_reset(near_table[1]);
	CHECK(watch_found(percpu_offset(near_table[1]), table[1], sizeof(table[1])));
	percpu_reset(near_table[0][1]);
	CHECK(watch_found(percpu_offset(near_table[0][1]), &table[0][1], 1));
	percpu_reset(near_table);
	CHECK(watch_found(percpu_offset(near_table), table, sizeof(table)));
	percpu_ptr(far_nodes[1])->weight = 99;
	percpu_ptr(far_nodes[2])->used = true;
	percpu_reset(far_nodes[1]);
	CHECK(percpu_ptr(far_nodes[1])->weight == 2.5 && percpu_read(far_nodes[2].used));
	percpu_reset(far_nodes);
	CHECK(!memcmp(percpu_ptr(far_nodes)[0], nodes, sizeof(nodes)));
	*percpu_ptr(near_double) = 7;
	percpu_reset(near_double);
	CHECK(*percpu_ptr(near_double) == 0.5);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a bool takes any true value as true, and its neighbours stay", flags},
		{"an enum counts and exchanges, and its neighbours stay", enums},
		{"pointers are stored and exchanged, to data and to functions", pointers},
		{"percpu_ptr reaches structures, tables and doubles of this CPU", other_types},
		{"percpu_reset restores objects of any size, and only those", reset_large},
	};

	UNIT_RUN(tests);
}
