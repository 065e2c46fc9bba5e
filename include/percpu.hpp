// SPDX-License-Identifier: MIT
//
// libpercpu in C++17: a variable is an object with the operations as members.
//
//	#include <percpu.hpp>
//
//	namespace kernel {
//	PERCPU_VARIABLE(count, uint64_t) = 40;
//	PERCPU_VARIABLE(queue, Pair<Task *, 4>) = {nullptr, nullptr};
//	PERCPU_VARIABLE_FAR(table, uint32_t[256]) = {1, 2};
//	}
//	...
//	kernel::count.add(1);
//	kernel::table[i].inc();
//	kernel::queue.field(&Pair<Task *, 4>::first).write(task);
//	kernel::queue.ptr()->run();
//
// Only a definition is a macro. Its first argument is a name, the rest is a type, commas and all; a
// constant initial value may follow. It stands at namespace scope, and in an anonymous namespace
// instead of behind `static`. What an operation does, and where it may be used, is in percpu.h,
// which this includes, and which is for the rest: percpu_init, errors, percpu_for_each,
// percpu_panic.
//
//	PERCPU_VARIABLE(name, type)			near
//	PERCPU_VARIABLE_FAR(name, type)			far
//	PERCPU_VARIABLE_CACHELINE(name, type)		near, on cache lines of its own
//	PERCPU_VARIABLE_PAGE(name, type)		far, on pages of its own
//	PERCPU_VARIABLE_DECLARE(name, type)		for headers: of near ones, _CACHELINE too,
//	PERCPU_VARIABLE_DECLARE_FAR(name, type)		and of far ones, _PAGE too
//
// A variable of a class: in the class, where SCOPE is the class's name, and outside of it,
//
//	PERCPU_MEMBER(SCOPE, name, type);		and PERCPU_MEMBER_FAR
//	PERCPU_MEMBER_DEFINE(SCOPE, name, type) = 0;	and PERCPU_MEMBER_DEFINE_FAR
//
// Used as SCOPE::name.add(1). The symbol is __percpu_near.name or __percpu_near.SCOPE.name, without
// namespaces: two variables of one name in two namespaces do not compile in one file, and do not
// link if both can be seen outside their files.
//
// The name is an object of class percpu::variable, which is empty, finds its variable at compile
// time, and can be neither copied nor assigned. .field(&Type::member) and [index] give a
// percpu::place, an object with the same operations on a part; it may be kept, for it is the place
// in the template, not that in an area. The type is trivially copyable: areas are copies byte by
// byte.
//
// The operations, on integers, bool, enum and pointers; T is the variable's type:
//
//	T read(), raw_read(), read_stable()
//	void write(T), raw_write(T)
//	void add(T), sub(T), inc(), dec(), raw_add(T), bit_and(T), bit_or(T), bit_xor(T)
//	T add_return(T), inc_return(), dec_return()
//	T xchg(T), cmpxchg(T expected, T value), bool try_cmpxchg(T &expected, T value)
//	T read_on(size_t cpu), void write_on(size_t cpu, T), int64_t or uint64_t sum()
//	percpu_u128 cmpxchg128(percpu_u128, percpu_u128), where PERCPU_HAVE_CMPXCHG128 is defined
//
// and on any type:
//
//	T *ptr(), T *ptr_on(size_t cpu), int reset(), size_t offset()
//
// percpu::pinned holds preemption off while it lives, as percpu_with does in C:
//
//	percpu::pinned here;
//	kernel::queue.ptr()->run();
//
// One without a name, percpu::pinned(), has ended before the next line; compilers warn of it.
//
// Optimised, each operation is the instructions of its macro in percpu.h; at -O0 the compiler goes
// through a register, which is longer and no less right. No exceptions, no run-time type
// information and no part of a C++ library are needed.
#ifndef PERCPU_HPP
#define PERCPU_HPP

#include <percpu.h>

#ifndef __clang__
#pragma GCC system_header
#endif

#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wold-style-cast"
#pragma clang diagnostic ignored "-Wreserved-identifier"
#pragma clang diagnostic ignored "-Wc++98-compat"
#pragma clang diagnostic ignored "-Wc++98-compat-pedantic"
#endif

namespace percpu
{

#define PERCPU__INLINE inline __attribute__((always_inline))

template <typename T> class place;

// What a variable and a part of one have in common. SELF has object(), the lvalue in the template,
// of type T: volatile if it is far.
template <typename Self, typename T> class operations
{
      public:
	using value_type = typename _percpu_type<T>::plain;

	PERCPU__INLINE auto read() const
	{
		return PERCPU__READ(object());
	}
	PERCPU__INLINE auto raw_read() const
	{
		return PERCPU__RAW_READ(object());
	}
	PERCPU__INLINE auto read_stable() const
	{
		return PERCPU__READ_STABLE_0(object());
	}

	PERCPU__INLINE void write(value_type value) const
	{
		PERCPU__WRITE(object(), value);
	}
	PERCPU__INLINE void raw_write(value_type value) const
	{
		PERCPU__RAW_WRITE(object(), value);
	}

	PERCPU__INLINE void add(value_type value) const
	{
		PERCPU__ARITHMETIC(percpu_arch_add, object(), value);
	}
	PERCPU__INLINE void sub(value_type value) const
	{
		PERCPU__ARITHMETIC(percpu_arch_sub, object(), value);
	}
	PERCPU__INLINE void inc() const
	{
		PERCPU__ARITHMETIC(percpu_arch_add, object(), 1);
	}
	PERCPU__INLINE void dec() const
	{
		PERCPU__ARITHMETIC(percpu_arch_sub, object(), 1);
	}
	PERCPU__INLINE void raw_add(value_type value) const
	{
		PERCPU__RAW_ADD(object(), value);
	}
	PERCPU__INLINE void bit_and(value_type value) const
	{
		PERCPU__UPDATE(percpu_arch_and, object(), value);
	}
	PERCPU__INLINE void bit_or(value_type value) const
	{
		PERCPU__UPDATE(percpu_arch_or, object(), value);
	}
	PERCPU__INLINE void bit_xor(value_type value) const
	{
		PERCPU__UPDATE(percpu_arch_xor, object(), value);
	}

	PERCPU__INLINE auto add_return(value_type value) const
	{
		return PERCPU__ADD_RETURN(object(), value);
	}
	PERCPU__INLINE auto inc_return() const
	{
		return PERCPU__ADD_RETURN(object(), 1);
	}
	PERCPU__INLINE auto dec_return() const
	{
		return PERCPU__DEC_RETURN(object());
	}

	PERCPU__INLINE auto xchg(value_type value) const
	{
		return PERCPU__XCHG(object(), value);
	}
	PERCPU__INLINE auto cmpxchg(value_type expected, value_type value) const
	{
		return PERCPU__CMPXCHG(object(), expected, value);
	}
	PERCPU__INLINE bool try_cmpxchg(value_type &expected, value_type value) const
	{
		return PERCPU__TRY_CMPXCHG(object(), &expected, value);
	}
#ifdef PERCPU_HAVE_CMPXCHG128
	PERCPU__INLINE percpu_u128 cmpxchg128(percpu_u128 expected, percpu_u128 value) const
	{
		return PERCPU__CMPXCHG128(object(), expected, value);
	}
#endif

	PERCPU__INLINE auto ptr() const
	{
		return PERCPU__PTR(object());
	}
	PERCPU__INLINE auto ptr_on(size_t cpu) const
	{
		return PERCPU__PTR_ON(object(), cpu);
	}
	PERCPU__INLINE auto read_on(size_t cpu) const
	{
		return PERCPU__READ_ON(object(), cpu);
	}
	PERCPU__INLINE void write_on(size_t cpu, value_type value) const
	{
		PERCPU__WRITE_ON(object(), cpu, value);
	}
	PERCPU__INLINE auto sum() const
	{
		return PERCPU__SUM(object());
	}
	PERCPU__INLINE int reset() const
	{
		return PERCPU__RESET_0(object());
	}
	PERCPU__INLINE size_t offset() const
	{
		return PERCPU__OFFSET(object());
	}

	// A part: as the index of an array, and a member of a class.
	PERCPU__INLINE auto operator[](size_t index) const
	{
		return part(object()[index]);
	}
	template <typename Member, typename Class>
	PERCPU__INLINE auto field(Member Class::*member) const
	{
		// By the class: the pointer does not say how the member itself is aligned.
		static_assert(alignof(Class) % alignof(Member) == 0,
			      "percpu: a field of a packed structure may be misaligned; give it "
			      "__attribute__((aligned(its size)))");
		return part(object().*member);
	}

      protected:
	constexpr operations() = default;

      private:
	PERCPU__INLINE T &object() const
	{
		return static_cast<const Self *>(this)->object();
	}
	template <typename Part> PERCPU__INLINE static place<Part> part(Part &object)
	{
		return place<Part>(object);
	}
};

// A part of a variable: as a pointer to it, but into every area.
template <typename T> class place : public operations<place<T>, T>
{
      private:
	template <typename Self, typename Whole> friend class operations;

	PERCPU__INLINE explicit place(T &object) : object_(object)
	{
	}
	PERCPU__INLINE T &object() const
	{
		return object_;
	}

	T &object_;
};

template <typename T> struct object_type;
template <typename T> struct object_type<T &> {
	using type = T;
};

// What a definition gives its name to. OBJECT is the one that lies in the template.
template <auto &Object> class variable
    : public operations<variable<Object>, typename object_type<decltype(Object)>::type>
{
      public:
	constexpr variable() = default;
	variable(const variable &) = delete;
	variable &operator=(const variable &) = delete;

      private:
	template <typename Self, typename Whole> friend class operations;

	PERCPU__INLINE auto &object() const
	{
		return Object;
	}
};

class pinned
{
      public:
	[[nodiscard]] PERCPU__INLINE pinned()
	{
		PERCPU__HOLD();
	}
	PERCPU__INLINE ~pinned()
	{
		PERCPU__RELEASE();
	}
	pinned(const pinned &) = delete;
	pinned &operator=(const pinned &) = delete;
};

// The type of an object, as a definition has it.
template <typename T> struct checked {
	static_assert(__is_trivially_copyable(T),
		      "percpu: areas are copied byte by byte: the type is trivially copyable");
	using type = T;
};

} // namespace percpu

#define PERCPU_VARIABLE(name, ...)                                                                 \
	PERCPU__CXX_DEFINE(name, near, "near", used, PERCPU__CXX_TYPE(__VA_ARGS__))
#define PERCPU_VARIABLE_FAR(name, ...)                                                             \
	PERCPU__CXX_DEFINE(name, far, "far", used, volatile PERCPU__CXX_TYPE(__VA_ARGS__))
#define PERCPU_VARIABLE_CACHELINE(name, ...)                                                       \
	PERCPU__CXX_DEFINE(name, near, "line", aligned(PERCPU_CACHE_LINE),                         \
			   PERCPU__CXX_TYPE(__VA_ARGS__))
#define PERCPU_VARIABLE_PAGE(name, ...)                                                            \
	PERCPU__CXX_DEFINE(name, far, "page", aligned(PERCPU__PAGE),                               \
			   volatile PERCPU__CXX_TYPE(__VA_ARGS__))

#define PERCPU_VARIABLE_DECLARE(name, ...)                                                         \
	PERCPU__CXX_DECLARE(name, near, PERCPU__CXX_TYPE(__VA_ARGS__));                            \
	PERCPU__CXX_HANDLE(name, near)
#define PERCPU_VARIABLE_DECLARE_FAR(name, ...)                                                     \
	PERCPU__CXX_DECLARE(name, far, volatile PERCPU__CXX_TYPE(__VA_ARGS__));                    \
	PERCPU__CXX_HANDLE(name, far)

#define PERCPU_MEMBER(scope, name, ...)                                                            \
	PERCPU__CXX_MEMBER(scope, name, near, PERCPU__CXX_TYPE(__VA_ARGS__))
#define PERCPU_MEMBER_FAR(scope, name, ...)                                                        \
	PERCPU__CXX_MEMBER(scope, name, far, volatile PERCPU__CXX_TYPE(__VA_ARGS__))
#define PERCPU_MEMBER_DEFINE(scope, name, ...)                                                     \
	PERCPU__CXX_DEFINE_MEMBER(scope, name, near, PERCPU__CXX_TYPE(__VA_ARGS__))
#define PERCPU_MEMBER_DEFINE_FAR(scope, name, ...)                                                 \
	PERCPU__CXX_DEFINE_MEMBER(scope, name, far, volatile PERCPU__CXX_TYPE(__VA_ARGS__))

// The object behind it is called and placed as that of PERCPU_DEFINE: types.h.
#define PERCPU__CXX_TYPE(...) ::percpu::checked<__VA_ARGS__>::type
#define PERCPU__CXX_PLACED(attribute, place)                                                       \
	__attribute__((used, section(place))) __attribute__((attribute))
#define PERCPU__CXX_DECLARE(name, kind, ...)                                                       \
	PERCPU__RESERVED(extern __VA_ARGS__ percpu__##name __asm__("__percpu_" #kind "." #name)    \
				 __attribute__((visibility("hidden"))))
#define PERCPU__CXX_DEFINE(name, kind, group, attribute, ...)                                      \
	PERCPU__CXX_DECLARE(name, kind, __VA_ARGS__);                                              \
	PERCPU__CXX_HANDLE(name, kind);                                                            \
	PERCPU__CONSTANT(__VA_ARGS__ percpu__##name PERCPU__CLAIM(name))                           \
	PERCPU__CXX_PLACED(attribute, ".percpu." group "." #name)
#define PERCPU__CXX_MEMBER(scope, name, kind, ...)                                                 \
	PERCPU__RESERVED(static __VA_ARGS__ percpu__##name __asm__(                                \
		"__percpu_" #kind "." #scope "." #name) __attribute__((visibility("hidden"))));    \
	static constexpr ::percpu::variable<percpu__##name> name                                   \
		__attribute__((visibility("hidden"))) = {}

#define PERCPU__CXX_DEFINE_MEMBER(scope, name, kind, ...)                                          \
	PERCPU__CONSTANT(__VA_ARGS__ scope::percpu__##name PERCPU__CLAIM(scope.name))              \
	PERCPU__CXX_PLACED(used, ".percpu." #kind "." #scope "." #name)

// The name. It is empty and never looked at, so it is nowhere defined; a compiler that does not
// optimise wants an address for `this`, and has the variable's. The one before it has the linkage
// of C, where a name is one object in all namespaces: two variables of one symbol are refused
// there, which Clang would take for one.
#ifdef __clang__
#define PERCPU__CXX_HANDLE(name, kind)                                                             \
	_Pragma("clang diagnostic push")                                                           \
		_Pragma("clang diagnostic ignored \"-Wundefined-internal\"")                       \
			PERCPU__CXX_EMPTY(name, kind) _Pragma("clang diagnostic pop")
#else
#define PERCPU__CXX_HANDLE PERCPU__CXX_EMPTY
#endif
#define PERCPU__CXX_EMPTY(name, kind)                                                              \
	extern "C" const ::percpu::variable<percpu__##name>                                        \
		libpercpu_another_namespace_has_a_variable_##name;                                 \
	[[maybe_unused]] extern const ::percpu::variable<percpu__##name> name __asm__(             \
		"__percpu_" #kind "." #name) __attribute__((visibility("hidden")))

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif
