/* SPDX-License-Identifier: MIT */
/*
 * How a per-CPU variable is declared, and what can be told from its lvalue at compile time.
 * Included by percpu.h only; nothing here is for users.
 *
 * The C object behind PERCPU_DEFINE(type, NAME) is the template's copy. It is called percpu__NAME;
 * nothing else begins with percpu__, least of all what macros declare around a user's expression:
 * that begins with _percpu_. The object's symbol is
 * __percpu_near.NAME or __percpu_far.NAME, so that a declaration of the wrong kind does not link
 * and two units may each have a static variable of the same name. A far object is volatile: the
 * qualifier travels with .field and [index], and so tells near from far wherever an accessor sees
 * the lvalue. Below, LV is such an lvalue.
 */
#ifndef PERCPU_TYPES_H
#define PERCPU_TYPES_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#define PERCPU__PAGE 4096

__extension__ typedef unsigned __int128 percpu_u128;

/*
 * Around each use of an operation: its casts are C's, as the header is for C too. No macro with the
 * operation as its argument: Clang would warn of a result that is not used.
 */
#if defined __clang__ && defined __cplusplus
#define PERCPU__C_CASTS                                                                            \
	_Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wold-style-cast\"")
#define PERCPU__C_CASTS_END _Pragma("clang diagnostic pop")
#else
#define PERCPU__C_CASTS
#define PERCPU__C_CASTS_END
#endif

/*
 * Around what a header declares that is included by itself, as percpu/counter.h: what Clang is told
 * to leave out in percpu.h, and that a 0 of C's is a null pointer.
 */
#ifdef __clang__
#define PERCPU__IGNORED(warning) PERCPU__PRAGMA(clang diagnostic ignored warning)
#define PERCPU__PRAGMA(...) _Pragma(#__VA_ARGS__)
/* clang-format off */
#define PERCPU__HEADER_BEGIN                                      \
	_Pragma("clang diagnostic push")                          \
	PERCPU__IGNORED("-Wreserved-identifier")                  \
	PERCPU__IGNORED("-Wreserved-macro-identifier")            \
	PERCPU__IGNORED("-Wc++98-compat")                         \
	PERCPU__IGNORED("-Wc++98-compat-pedantic")                \
	PERCPU__IGNORED("-Wold-style-cast")                       \
	PERCPU__IGNORED("-Wzero-as-null-pointer-constant")
/* clang-format on */
#define PERCPU__HEADER_END _Pragma("clang diagnostic pop")
#else
#define PERCPU__HEADER_BEGIN
#define PERCPU__HEADER_END
#endif

#define PERCPU__API(function) __asm__(PERCPU__STRING(PERCPU_SYMBOL(function)))
/* Of a function whose error, not looked at, would let uses go on to memory that is no area. */
#define PERCPU__CHECKED __attribute__((warn_unused_result))

/*
 * `used` keeps link-time optimisation from dropping, or folding the value of, an object that only
 * assembly reads. Where percpu.ld puts an object is decided by the first word of its section's
 * name after .percpu.
 */
#if !defined __cplusplus
#define PERCPU__CONSTANT(...) __VA_ARGS__
#elif defined __clang__
#define PERCPU__CONSTANT(...)                                                                      \
	_Pragma("clang diagnostic push")                                                           \
		_Pragma("clang diagnostic error \"-Wglobal-constructors\"")                        \
			_Pragma("clang diagnostic ignored \"-Wreserved-identifier\"")              \
				__VA_ARGS__ _Pragma("clang diagnostic pop")
#else
#define PERCPU__CONSTANT(...) __constinit __VA_ARGS__
#endif

/*
 * The symbol has no namespace in it, so in C++ two definitions of a name in two namespaces would be
 * one variable, of which Clang says nothing. So each claims its name: the claims of one name differ
 * by their number, and define one function, which the compiler refuses the second time. Where it
 * stands, alignas(0) has no effect.
 */
#ifdef __cplusplus
extern "C++" {
template <size_t _percpu_n> constexpr uint64_t _percpu_hash(const char (&name)[_percpu_n])
{
	uint64_t hash = 0xcbf29ce484222325;

	for (char letter : name)
		hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
	return hash;
}
template <uint64_t _percpu_name> struct _percpu_named {
};
template <uint64_t _percpu_name, int _percpu_number> struct _percpu_claim {
	friend void
	libpercpu_another_namespace_has_a_variable_of_this_name(_percpu_named<_percpu_name>)
	{
	}
	static constexpr int no_alignment = 0;
};
}
#define PERCPU__CLAIM(name)                                                                        \
	alignas(::_percpu_claim<::_percpu_hash(#name), __COUNTER__>::no_alignment)
#else
#define PERCPU__CLAIM(name)
#endif

#define PERCPU__OBJECT(type, name, kind, group, ...)                                               \
	PERCPU__CONSTANT(__typeof__(type) percpu__##name PERCPU__CLAIM(name))                      \
	__asm__("__percpu_" #kind "." #name)                                                       \
		__attribute__((used, section(".percpu." group "." #name)))                         \
		__attribute__((__VA_ARGS__))

/* `hidden` keeps position-independent code from going through a GOT. */
#define PERCPU__EXTERN(type, name, kind)                                                           \
	PERCPU__RESERVED(extern __typeof__(type) percpu__##name __asm__(                           \
		"__percpu_" #kind "." #name) __attribute__((visibility("hidden"))))
/* To C++ a name with two underscores is the implementation's, as it is to users. */
#if defined __clang__ && defined __cplusplus
#define PERCPU__RESERVED(...)                                                                      \
	_Pragma("clang diagnostic push")                                                           \
		_Pragma("clang diagnostic ignored \"-Wreserved-identifier\"")                      \
			__VA_ARGS__ _Pragma("clang diagnostic pop")
#else
#define PERCPU__RESERVED(...) __VA_ARGS__
#endif

/*
 * What a user gives as a name is to be one identifier. The macros get it behind the type as the
 * rest of their arguments, and then PERCPU__END, so that what lacks a name, or has a type with
 * commas, arrives here. The words are what compilers quote when they cannot paste them, or find no
 * such name. A right name leaves nothing of them.
 */
/* clang-format off */
#define PERCPU__CHECK_NAME(name, next)                                                             \
	PERCPU__NOTHING(                                                                           \
		libpercpu_the_name_is_an_identifier_the_star_of_a_pointer_is_in_the_type_##        \
		name                                                                               \
		##_libpercpu_an_array_is_in_the_type_and_a_type_with_commas_wants_a_typedef)       \
	PERCPU__SECOND(name##PERCPU__NO_NAME, , )                                                  \
	libpercpu_a_type_with_commas_wants_a_typedef_##next
/* clang-format on */
#define PERCPU__NO_NAME , libpercpu_the_name_is_missing
#define libpercpu_a_type_with_commas_wants_a_typedef_PERCPU__END
#define PERCPU__NOTHING(...)
#define PERCPU__SECOND(...) PERCPU__SECOND_(__VA_ARGS__)
#define PERCPU__SECOND_(first, second, ...) second

#define PERCPU__DEFINE(type, kind, group, attribute, name, next, ...)                              \
	PERCPU__OBJECT(PERCPU__CHECK_NAME(name, next) type, name, kind, group, attribute)
/* The qualifier is the object's: before `type *` it would be that of what it points to. */
#define PERCPU__DECLARE(qualifier, type, kind, name, next, ...)                                    \
	PERCPU__EXTERN(qualifier __typeof__(PERCPU__CHECK_NAME(name, next) type), name, kind)

/*
 * PERCPU__VALUE(lv)	the type of its value: no volatile; an array becomes a pointer
 * PERCPU__POINTER(lv)	the type of a pointer to it, without volatile
 * PERCPU__SUM_TYPE(lv)	int64_t or uint64_t, by its signedness
 * PERCPU__IS_FAR(lv)	1 or 0
 * PERCPU__IS_BOOL(lv)	1 or 0
 * PERCPU__IS_POINTER(lv)	1 or 0
 * PERCPU__IS_CONST(lv)	1 or 0
 */
#ifdef __cplusplus

extern "C++" {
template <typename _percpu_t> struct _percpu_type {
	typedef _percpu_t plain;
	static const bool is_volatile = false;
	static const bool is_bool = false;
};
template <typename _percpu_t> struct _percpu_type<const _percpu_t> : _percpu_type<_percpu_t> {
};
template <> struct _percpu_type<bool> {
	typedef bool plain;
	static const bool is_volatile = false;
	static const bool is_bool = true;
};
template <typename _percpu_t> struct _percpu_type<volatile _percpu_t> {
	typedef _percpu_t plain;
	static const bool is_volatile = true;
	static const bool is_bool = _percpu_type<_percpu_t>::is_bool;
};
template <typename _percpu_t, size_t _percpu_n> struct _percpu_type<_percpu_t[_percpu_n]> {
	typedef typename _percpu_type<_percpu_t>::plain plain[_percpu_n];
	static const bool is_volatile = _percpu_type<_percpu_t>::is_volatile;
};
template <typename _percpu_t, size_t _percpu_n> struct _percpu_type<volatile _percpu_t[_percpu_n]> {
	typedef typename _percpu_type<_percpu_t>::plain plain[_percpu_n];
	static const bool is_volatile = true;
};
template <typename _percpu_t> struct _percpu_is_scalar {
	static const bool value = !__is_class(_percpu_t) && !__is_union(_percpu_t);
};
template <> struct _percpu_is_scalar<float> {
	static const bool value = false;
};
template <> struct _percpu_is_scalar<double> {
	static const bool value = false;
};
template <typename _percpu_t, size_t _percpu_n> struct _percpu_is_scalar<_percpu_t[_percpu_n]> {
	static const bool value = false;
};
template <typename _percpu_t> struct _percpu_type<const volatile _percpu_t>
    : _percpu_type<volatile _percpu_t> {
};
template <typename _percpu_t> struct _percpu_is_pointer {
	static const bool value = false;
};
template <typename _percpu_t> struct _percpu_is_pointer<_percpu_t *> {
	static const bool value = true;
};
template <typename _percpu_t> struct _percpu_is_const {
	static const bool value = false;
};
template <typename _percpu_t> struct _percpu_is_const<const _percpu_t> {
	static const bool value = true;
};
template <bool _percpu_signed> struct _percpu_sum {
	typedef int64_t type;
};
template <> struct _percpu_sum<false> {
	typedef uint64_t type;
};
}

#define PERCPU__VALUE(lv) typename _percpu_type<__typeof__(lv)>::plain
#define PERCPU__POINTER(lv) typename _percpu_type<__typeof__(lv)>::plain *
#define PERCPU__SUM_TYPE(lv)                                                                       \
	typename _percpu_sum<((PERCPU__VALUE(lv)) - 1 < (PERCPU__VALUE(lv))1)>::type
#define PERCPU__IS_FAR(lv) _percpu_type<__typeof__(lv)>::is_volatile
#define PERCPU__IS_SCALAR(lv) _percpu_is_scalar<PERCPU__VALUE(lv)>::value
#define PERCPU__IS_BOOL(lv) _percpu_type<__typeof__(lv)>::is_bool
#define PERCPU__IS_POINTER(lv) _percpu_is_pointer<PERCPU__VALUE(lv)>::value
#define PERCPU__IS_CONST(lv) _percpu_is_const<__typeof__(lv)>::value

#else

/* The right-hand side of a comma is a value: qualifiers are gone, and arrays have decayed. */
#define PERCPU__VALUE(lv) __typeof__(((void)0, (lv)))
#define PERCPU__IS_ARRAY(lv) (!__builtin_types_compatible_p(__typeof__(lv), PERCPU__VALUE(lv)))
#define PERCPU__FIRST(lv) (*__builtin_choose_expr(PERCPU__IS_ARRAY(lv), (lv), (char *)0))
#define PERCPU__ELEMENT(lv) PERCPU__VALUE(PERCPU__FIRST(lv))

/* Arrays of arrays keep their volatile: C has no way to rebuild their type without it. */
#define PERCPU__POINTER(lv)                                                                        \
	__typeof__(__builtin_choose_expr(                                                          \
		PERCPU__IS_ARRAY(PERCPU__FIRST(lv)), &(lv),                                        \
		__builtin_choose_expr(                                                             \
			PERCPU__IS_ARRAY(lv),                                                      \
			(PERCPU__ELEMENT(lv)(*)[sizeof(lv) / (sizeof(PERCPU__ELEMENT(lv)))])0,     \
			(PERCPU__VALUE(lv) *)0)))

#define PERCPU__SUM_TYPE(lv)                                                                       \
	__typeof__(*__builtin_choose_expr((PERCPU__VALUE(lv)) - 1 < (PERCPU__VALUE(lv))1,          \
					  (int64_t *)0, (uint64_t *)0))
#define PERCPU__IS_FAR(lv)                                                                         \
	__builtin_types_compatible_p(__typeof__(&(lv)), volatile __typeof__(lv) *)
/* GCC and Clang number the classes alike: 1 to 5 are integers, characters, enums, bool, pointers.
 */
#define PERCPU__IS_SCALAR(lv)                                                                      \
	(!PERCPU__IS_ARRAY(lv) && __builtin_classify_type(lv) >= 1 &&                              \
	 __builtin_classify_type(lv) <= 5)
#define PERCPU__IS_BOOL(lv) __builtin_types_compatible_p(__typeof__(lv), _Bool)
#define PERCPU__IS_POINTER(lv) (__builtin_classify_type(lv) == 5)
#define PERCPU__IS_CONST(lv) __builtin_types_compatible_p(__typeof__(&(lv)), const __typeof__(lv) *)

#endif

#endif
