package load

import (
	"bytes"
	"fmt"
	"strings"
)

// unitPrefix begins the layout of numbers with a unit behind. After it stand the
// unit as units has it, a zero byte, and the layout of the numbers.
const unitPrefix = "unit "

// unitNames are the units that are known, each with other ways to write it. Of others
// it cannot be told whether they are part of a name.
var unitNames = [][]string{
	{"mm"}, {"cm"}, {"m"}, {"km"}, {"in", "inch", "inches"}, {"ft", "feet", "foot"}, {"yd"}, {"mi", "mile", "miles"},
	{"m²", "m2", "sqm"}, {"m³", "m3"}, {"km²", "km2"}, {"sqft", "sq ft", "ft2", "ft²"}, {"ha"}, {"acres", "acre"},
	{"mg"}, {"g"}, {"kg", "kgs", "kilograms"}, {"t"}, {"lb", "lbs", "pounds"}, {"oz"}, {"ml"}, {"cl"}, {"l", "L", "liter", "litre", "liters", "litres"},
	{"ns"}, {"µs", "us", "μs"}, {"ms"}, {"s", "sec", "secs", "second", "seconds"}, {"min", "mins", "minute", "minutes"}, {"h", "hr", "hrs", "hour", "hours"},
	{"days", "day"}, {"weeks", "week"}, {"months", "month", "mos"}, {"years", "year", "yr", "yrs"},
	{"km/h", "kmh", "kph"}, {"m/s"}, {"mph"}, {"mpg"}, {"kmpl"}, {"km/kg"}, {"rpm"}, {"cc"}, {"hp"}, {"bhp"}, {"Nm"},
	{"Hz"}, {"kHz"}, {"MHz"}, {"GHz"}, {"mW"}, {"W"}, {"kW"}, {"MW"}, {"Wh"}, {"kWh"}, {"MWh"}, {"mV"}, {"V"}, {"kV"}, {"mA"}, {"A"}, {"mAh"}, {"J"}, {"kJ"}, {"cal"}, {"kcal"},
	{"Pa"}, {"hPa"}, {"kPa"}, {"bar"}, {"mbar"}, {"psi"}, {"°C", "℃", "degC"}, {"°F", "℉", "degF"}, {"K"}, {"°"}, {"dB"}, {"px"}, {"ppm"}, {"lx"},
	{"B", "bytes", "byte"}, {"kB", "KB"}, {"MB"}, {"GB"}, {"TB"}, {"KiB"}, {"MiB"}, {"GiB"}, {"Mbps"}, {"Gbps"},
	{"mg/dL", "mg/dl"}, {"mmol/L", "mmol/l"}, {"g/dL", "g/dl"}, {"mmHg"}, {"bpm"}, {"kg/m²", "kg/m2"},
}

// units gives the first name of a unit for each.
var units = func() map[string]string {
	all := map[string]string{}
	for _, names := range unitNames {
		for _, n := range names {
			all[n] = names[0]
		}
	}
	return all
}()

// splitUnit cuts text into a number and the unit behind it; ok is false if there are
// not both. A unit of one letter stands apart from the number, unless it is one that
// is usually written beside it: 12B is more likely a name.
func splitUnit(text []byte) (number []byte, unit string, ok bool) {
	text = bytes.TrimSpace(text)
	n := len(text) - len(bytes.TrimLeft(text, "0123456789.,+- "))
	number = bytes.TrimRight(text[:n], " ")
	if len(number) == 0 || number[len(number)-1]-'0' > 9 {
		return nil, "", false
	}
	name := string(text[n:])
	if unit = units[name]; unit == "" {
		if lower := strings.ToLower(name); len(lower) > 1 && (units[lower] == "kg" || units[lower] == "cm" || units[lower] == "lb" || units[lower] == "km") {
			unit = units[lower]
		}
	}
	if len(name) == 1 && n == len(number) && !strings.Contains("mglsh", name) {
		return nil, "", false
	}
	return number, unit, unit != ""
}

// byUnit sorts the cells by their units, with the numbers alone, and counts those with a
// value; all is 0 if those at the start have no unit.
func byUnit(cells []cell) (by map[string][]cell, order []string, all int) {
	by = map[string][]cell{}
	found := 0
	for _, c := range cells {
		text := []byte(c.text)
		if isNullNumber(text) {
			continue
		}
		if all++; all == amountTrials && 2*found < all {
			return nil, nil, 0
		}
		number, unit, ok := splitUnit(text)
		if !ok {
			if _, plain := parseNumber(text); !plain {
				continue
			}
			number = text
		}
		if by[unit] == nil {
			order = append(order, unit)
		}
		by[unit] = append(by[unit], cell{text: string(number), at: c.at})
		found++
	}
	return by, order, all
}

// unitLayout returns the layout of a column of numbers of which all have the same unit
// behind, "" for others.
func unitLayout(cells []cell) string {
	by, order, all := byUnit(cells)
	if len(order) != 1 || order[0] == "" {
		return ""
	}
	numbers, plain := by[order[0]], 0
	for _, c := range numbers {
		if isCode([]byte(c.text)) {
			return ""
		}
		if _, ok := parseNumber([]byte(c.text)); ok {
			plain++
		}
	}
	inner, count, ambiguous := numberLayout(numbers, plain)
	if ambiguous != "" || float64(count) < mostly*float64(all) {
		return ""
	}
	return unitPrefix + order[0] + "\x00" + inner
}

// cutUnit returns the unit and the layout of the numbers of a layout of unitLayout.
func cutUnit(layout string) (unit, inner string, ok bool) {
	rest, ok := strings.CutPrefix(layout, unitPrefix)
	unit, inner, _ = strings.Cut(rest, "\x00")
	return unit, inner, ok
}

// unitReader returns the function that reads numbers with the unit behind.
func unitReader(unit, inner string) func([]byte) (float64, bool) {
	read := numberReader(inner)
	return func(text []byte) (float64, bool) {
		number, own, ok := splitUnit(text)
		if !ok || own != unit {
			return 0, false
		}
		return read(number)
	}
}

// tellUnits says which units stand behind the numbers of a column of texts, "" if
// they are not several.
func tellUnits(cells []cell) string {
	by, order, all := byUnit(cells)
	n := 0
	var seen []string
	for _, unit := range order {
		n += len(by[unit])
		name := unit
		if unit == "" {
			name = "none"
		}
		seen = append(seen, fmt.Sprintf("%s (%s)", name, rowsOf(by[unit])))
	}
	if len(order) < 2 || float64(n) < mostly*float64(all) {
		return ""
	}
	return "numbers with different units, kept as text: " + strings.Join(seen, ", ") + "; convert them to one unit"
}
