// Command emulate runs the tests of a package on an emulated processor with
// AVX-512, for machines that have none: Bochs boots a Linux kernel whose only
// program is the test binary. It takes two to four minutes of CPU and is not part
// of the tests; run it after a change of the generator. On Debian:
//
//	apt-get install bochs bochsbios vgabios isolinux syslinux-common xorriso
//	apt-get download linux-image-6.1.0-56-cloud-amd64-unsigned && dpkg -x linux-image-*.deb /tmp/k
//	go run ./linalg/internal/emulate -kernel /tmp/k/boot/vmlinuz-6.1.0-56-cloud-amd64
//
// Arguments after "--" go to the test binary, as in -- -test.v -test.run=NaN. The
// exit status is that of the tests, or 3 if the emulated Linux offers no AVX-512.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	kernel := flag.String("kernel", "", "the Linux kernel to boot: a bzImage (vmlinuz) with serial console and initramfs built in")
	pkg := flag.String("package", "./linalg", "the package whose tests run")
	cpu := flag.String("cpu", "corei7_skylake_x", "the model of Bochs that is emulated; bochs-bin --help cpu lists them")
	limit := flag.Duration("timeout", 15*time.Minute, "give up after")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	status, err := emulate(ctx, *kernel, *pkg, *cpu, *limit, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "emulate:", err)
	}
	os.Exit(status)
}

// emulate runs the tests of pkg and returns their exit status, 2 beside an error.
func emulate(ctx context.Context, kernel, pkg, cpu string, limit time.Duration, args []string) (int, error) {
	if kernel == "" {
		return 2, errors.New("-kernel is needed; go doc ./linalg/internal/emulate tells how to get one")
	}
	for _, tool := range []string{"bochs-bin", "xorriso"} {
		if _, err := exec.LookPath(tool); err != nil {
			return 2, fmt.Errorf("%w; go doc ./linalg/internal/emulate tells what to install", err)
		}
	}
	dir, err := os.MkdirTemp("", "emulate")
	if err != nil {
		return 2, err
	}
	defer os.RemoveAll(dir)
	if err := image(dir, kernel, pkg, args); err != nil {
		return 2, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the tests did not end within %s", limit))
	defer cancel()
	return boot(ctx, dir, cpu)
}

// image writes to dir a CD that boots kernel and runs the tests of pkg.
func image(dir, kernel, pkg string, args []string) error {
	cd, init, test := filepath.Join(dir, "cd"), filepath.Join(dir, "init"), filepath.Join(dir, "test")
	if err := os.Mkdir(cd, 0o777); err != nil {
		return err
	}
	if err := run("go", "build", "-o", init, "./linalg/internal/emulate/init"); err != nil {
		return err
	}
	if err := run("go", "test", "-c", "-o", test, pkg); err != nil {
		return err
	}
	disk := &archive{}
	for _, name := range []string{"dev", "proc", "tmp"} {
		disk.add(name, 0o040755, nil)
	}
	for name, path := range map[string]string{"init": init, "test": test} {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		disk.add(name, 0o100755, b)
	}
	// Bochs 2.7 tells a wrong size for the compact form of XSAVE (features 321 and
	// 323); Linux would go without AVX.
	menu := "default linux\nprompt 0\nlabel linux\nkernel /vmlinuz\nappend initrd=/initrd console=ttyS0 quiet tsc=unstable clocksource=acpi_pm lpj=40000 clearcpuid=321,323 mitigations=off random.trust_cpu=on -- " + strings.Join(args, " ") + "\n"
	if err := errors.Join(
		os.WriteFile(filepath.Join(cd, "initrd"), disk.bytes(), 0o666),
		os.WriteFile(filepath.Join(cd, "isolinux.cfg"), []byte(menu), 0o666),
		copyFile(kernel, filepath.Join(cd, "vmlinuz")),
		copyFile("/usr/lib/ISOLINUX/isolinux.bin", filepath.Join(cd, "isolinux.bin")),
		copyFile("/usr/lib/syslinux/modules/bios/ldlinux.c32", filepath.Join(cd, "ldlinux.c32")),
	); err != nil {
		return err
	}
	return run("xorriso", "-report_about", "WARNING", "-as", "mkisofs", "-quiet", "-o", filepath.Join(dir, "cd.iso"), "-b", "isolinux.bin", "-c", "boot.cat",
		"-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", cd)
}

// copyFile copies a file.
func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o666)
}

func run(name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH=amd64", "GOOS=linux")
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// machineText has few instructions a second, so that what waits for a device waits
// a short time of ours.
const machineText = `display_library: rfb, options="timeout=0"
megs: 512
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
cpu: model=%s, count=1, ips=10000000, reset_on_triple_fault=0
clock: sync=none
ata0-master: type=cdrom, path=%s, status=inserted
boot: cdrom
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
com1: enabled=1, mode=file, dev=%s
log: %s
panic: action=fatal
error: action=ignore
info: action=ignore
`

// boot starts the machine, copies its console to stdout and returns the exit
// status of the tests.
func boot(ctx context.Context, dir, cpu string) (int, error) {
	console, config, log := filepath.Join(dir, "console"), filepath.Join(dir, "bochsrc"), filepath.Join(dir, "log")
	text := fmt.Sprintf(machineText, cpu, filepath.Join(dir, "cd.iso"), console, log)
	if err := errors.Join(os.WriteFile(config, []byte(text), 0o666), os.WriteFile(console, nil, 0o666)); err != nil {
		return 2, err
	}
	bochs := exec.CommandContext(ctx, "bochs-bin", "-q", "-f", config)
	bochs.Stdin = strings.NewReader("c\n") // a Bochs with its debugger waits for "continue"
	if err := bochs.Start(); err != nil {
		return 2, err
	}
	ended := make(chan error, 1)
	go func() { ended <- bochs.Wait() }()
	defer bochs.Process.Kill()

	f, err := os.Open(console)
	if err != nil {
		return 2, err
	}
	defer f.Close()
	var seen strings.Builder
	for {
		if _, err := io.Copy(io.MultiWriter(os.Stdout, &seen), f); err != nil {
			return 2, err
		}
		if _, rest, ok := strings.Cut(seen.String(), "emulate: exit status "); ok {
			if number, _, ok := strings.Cut(rest, "\n"); ok {
				return strconv.Atoi(strings.TrimSpace(number))
			}
		}
		select {
		case err := <-ended:
			if ctx.Err() != nil {
				return 2, context.Cause(ctx)
			}
			b, _ := os.ReadFile(log)
			return 2, fmt.Errorf("bochs ended before the tests (%v):\n%s", err, b[max(0, len(b)-2000):])
		case <-time.After(200 * time.Millisecond):
		}
	}
}
