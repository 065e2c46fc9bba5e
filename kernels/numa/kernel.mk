# SPDX-License-Identifier: 0BSD
# A single CPU has a single area.
UNFIT_numa := $(filter sp,$(PERCPU_MODE))
NEEDS_numa := PERCPU_MODE=smp

# Machines of four nodes: RAM of the first three, in the order of their numbers, and CPUs.
# Memory is reserved when it is touched, so a large machine costs no more than a small one.
numa-ram = -object memory-backend-ram,id=ram$(1),size=$(2),reserve=off \
	-numa node,nodeid=$(1),memdev=ram$(1)
numa-cpus = $(foreach cpu,$(2),-numa cpu,node-id=$(1),core-id=$(cpu))
numa-far = -numa dist,src=$(1),dst=$(2),val=$(3)
# Node 3 has CPUs and no RAM, and its nearest is node 1: by number, or first in a list, it would be
# another.
NUMA_NODES = $(call numa-ram,0,$(1)) $(call numa-ram,1,$(2)) $(call numa-ram,2,$(3)) \
	-numa node,nodeid=3 \
	$(call numa-far,0,1,20) $(call numa-far,0,2,35) $(call numa-far,0,3,25) \
	$(call numa-far,1,2,30) $(call numa-far,1,3,15) $(call numa-far,2,3,40)
# Node 1 has RAM and no CPUs.
NUMA_CPUS = $(call numa-cpus,0,0 3) $(call numa-cpus,2,1 4 6) $(call numa-cpus,3,2 5 7)

# A part of node 1's RAM, and all of node 2's, lies above 4 GiB.
QEMU_numa_pc = -m 256 -machine max-ram-below-4g=160M $(call NUMA_NODES,128M,64M,64M) $(NUMA_CPUS)
# The device tree, which lies 128 MiB above the start of RAM, is the first in node 1; node 2 is in
# another GiB than the kernel.
QEMU_numa_virt-aarch64 = -m 1216 $(call NUMA_NODES,128M,1024M,64M) $(NUMA_CPUS)
# QEMU's node is a socket here, of harts in a row. With aia=aplic: the interrupt controller that is
# the default, QEMU 7.2 does not have for several sockets; and it takes RAM of no bytes for the last
# one only.
QEMU_numa_virt-riscv64 = $(if $(filter sbi,$(FIRMWARE)),-m 256 -machine aia=aplic \
	$(call NUMA_NODES,128M,64M,64M) $(call numa-cpus,0,0 1) $(call numa-cpus,1,2 3) \
	$(call numa-cpus,2,4 5) $(call numa-cpus,3,6 7))
QEMU_numa = $(QEMU_numa_$(BOARD))
SMP_numa = $(if $(strip $(QEMU_numa)),8,$(SMP))
# A machine without nodes; RAM of a node without CPUs, where QEMU has no such; a tree that is wrong.
CONTROLS_numa = $(if $(strip $(QEMU_numa)),numa-one-node $(CONTROLS_numa_$(BOARD)))
CONTROLS_numa_pc := numa-full-node srat-cut-off srat-wrong-sum
CONTROLS_numa_virt-aarch64 := numa-cpu-without-node
CONTROLS_numa_virt-riscv64 := numa-no-cpus
