package differential

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// value makes a value for a key: mostly one that is good, or nearly, by what the table says.
func (g *generator) value(key string) string {
	def, known := g.table.Lookup(key)
	switch {
	case !known || g.chance(5):
		return g.absurd()
	case g.chance(6):
		return g.mutated(g.plausible(def))
	}
	return g.plausible(def)
}

func (g *generator) plausible(def topicconfig.Def) string {
	switch {
	case strings.HasSuffix(def.Key, ".replication.throttled.replicas"):
		return g.replicaList()
	case def.Type == topicconfig.TypeInt, def.Type == topicconfig.TypeLong:
		return g.written(g.number(def))
	case def.Type == topicconfig.TypeDouble:
		return g.double()
	case def.Type == topicconfig.TypeBool:
		return g.padded(pick(g, "true", "false", "true", "false", "TRUE", "False", "tRuE", "yes", "1", "on", "t", ""))
	case def.Type == topicconfig.TypeList:
		return g.list(def.Values)
	case len(def.Values) > 0:
		return g.padded(g.recased(pick(g, def.Values...)))
	}
	return g.padded(g.release())
}

// number is one within the range, at its edge, or just beyond it.
func (g *generator) number(def topicconfig.Def) *big.Int {
	if g.chance(15) {
		edge := pick(g, def.Range.Min, def.Range.Max, math.MinInt32, math.MaxInt32, math.MinInt64, math.MaxInt64, 0, 14, 1<<20)
		return new(big.Int).Add(big.NewInt(edge), big.NewInt(int64(g.random.IntN(3)-1)))
	}
	if g.chance(20) {
		return big.NewInt(pick[int64](g, -3, -2, -1, 0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 17, 18, 22, 23, 1000, 1024, 1048575, 1048576, 1<<30))
	}
	within := big.NewInt(g.random.Int64N(1 << (1 + g.random.IntN(62))))
	if within.Cmp(big.NewInt(def.Range.Max)) > 0 {
		within.Mod(within, big.NewInt(max(def.Range.Max, 1)))
	}
	if low := big.NewInt(def.Range.Min); within.Cmp(low) < 0 {
		within = low
	}
	return within
}

// written spells a number in one of the many ways that Java reads, or almost does.
func (g *generator) written(number *big.Int) string {
	text := number.String()
	if g.chance(80) {
		return text
	}
	switch g.random.IntN(9) {
	case 0:
		return "+" + text
	case 1:
		sign, digits := "", text
		if strings.HasPrefix(text, "-") {
			sign, digits = "-", text[1:]
		}
		return sign + strings.Repeat("0", 1+g.random.IntN(30)) + digits
	case 2:
		return g.otherDigits(text)
	case 3:
		return text + pick(g, ".0", "L", "l", "ms", "d", "k", "Mi", "e0", "_000", ",000", "%")
	case 4:
		float, _ := new(big.Float).SetInt(number).Float64()
		return strconv.FormatFloat(float, 'e', -1, 64)
	case 5:
		return "0x" + number.Text(16)
	}
	return g.padded(text)
}

// otherDigits writes some digits in another script; those of the last two lie beyond 16 bits.
func (g *generator) otherDigits(text string) string {
	zero := pick(g, '０', '٠', '०', '༠', '᠐', '𝟎', '𑁦')
	return strings.Map(func(char rune) rune {
		if char >= '0' && char <= '9' && g.chance(60) {
			return zero + char - '0'
		}
		return char
	}, text)
}

// padded puts around text what Java trims, or nearly.
func (g *generator) padded(text string) string {
	if g.chance(75) {
		return text
	}
	space := func() string {
		return pick(g, "", " ", "\t", "\n", "\x00", "\x1f", "  ", "\r\n", "\u00a0", "\u2003", "\u200b", "\x7f", "\u0085", "\ufeff")
	}
	return space() + text + space()
}

func (g *generator) recased(text string) string {
	switch g.random.IntN(20) {
	case 0:
		return strings.ToUpper(text)
	case 1:
		return strings.ToLower(text)
	}
	return text
}

func (g *generator) double() string {
	number := g.random.Float64()
	if g.chance(20) {
		number = pick(g, 0, 1, -0.0001, 1.0001, 1e-5, 1e-300, 0.001, 0.0009999, 5e-324, 1e7, -1, math.Copysign(0, -1))
	}
	switch g.random.IntN(6) {
	case 0:
		return g.padded(strconv.FormatFloat(number, 'e', g.random.IntN(20), 64))
	case 1:
		return strconv.FormatFloat(number, 'x', -1, 64) + pick(g, "", "", "d", "F")
	case 2:
		return g.padded(strconv.FormatFloat(number, 'f', -1, 64) + pick(g, "d", "f", "D", "F", "l", "%", "e", "dd"))
	case 3:
		return g.padded(pick(g, "NaN", "+NaN", "-NaN", "nan", "Infinity", "-Infinity", "inf", ".5", "5.", ".", "+.5e-0", "1e400", "1e-400",
			"0x1p-1", "0X.8P0", "0x1.p-2", "0x1", "0x.p1", "1_0e-2", "0,5", "٠.٥", "1e", "e1", "0.5f ", "--1", "0x1p-1f"))
	}
	return g.padded(strconv.FormatFloat(number, 'f', g.random.IntN(25), 64))
}

func (g *generator) list(values []string) string {
	elements := make([]string, g.random.IntN(4))
	for i := range elements {
		elements[i] = g.recased(pick(g, values...))
		if g.chance(3) {
			elements[i] = g.absurd()
		}
	}
	return g.padded(strings.Join(elements, pick(g, ",", ",", ",", ", ", " , ", "\n,\t", ";", " ", ",,", "\u00a0,", ",\x00")))
}

func (g *generator) replicaList() string {
	if g.chance(10) {
		return g.padded(pick(g, "*", "**", "*,", "*,*", ",*", "*,0:1", "0:1,*", "* ,", "none", "all"))
	}
	elements := make([]string, g.random.IntN(4))
	for i := range elements {
		elements[i] = fmt.Sprintf("%d:%d", g.random.IntN(20), g.random.IntN(5))
		if g.chance(10) {
			elements[i] = pick(g, "", "0", "0:", ":1", "0:1:2", "-1:1", "+1:1", "0x1:1", "٠:١", "99999999999:1", "0:2147483648", "0 :1", "0: 1", "00:01", "a:b")
		}
	}
	return g.padded(strings.Join(elements, pick(g, ",", ",", ",", ",", ", ", ",,", ";", "\n,")))
}

func (g *generator) release() string {
	return pick(g, "2.8", "2.8.1", "3.0-IV1", "3.0", "3.9", "4.0", "4.0-IV0", "0.10.0", "0.10.0.1", "0.10", "0.8.2", "0.11.0-IV2", "3.0-IV2", "3.0-IV01",
		"3", "2.8.", "2.8.x", "2.8-IV1.9", "3.7-IV4", "3.9-IV0", "3.8", "4.1", "1.0-IV0", "1.0.0-IV0", "0.11.0.0", "0.9.0.1", "") // of any age
}

// absurd is what no config wants.
func (g *generator) absurd() string {
	return pick(g, "", " ", "null", "7d", "1Gi", "1_000", "1e3", "true", "-", "+", "--1", "- 1", "[delete]", "{}", "compact,,delete", "0b1", "010", "١٢", "½",
		"²", "Ⅷ", "1\u00a0000", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "1.0", "0x10", "\x00", "é", "\U0001d7ce", "*", "0:1",
		"CreateTime", "gzip", strings.Repeat("9", 400), strings.Repeat("0", 400)+"1", strings.Repeat("x", 20_000), "no\nline", `"1"`, "'1'", "%d", "${x}")
}

// mutated changes one character.
func (g *generator) mutated(text string) string {
	runes := []rune(text)
	at := g.random.IntN(len(runes) + 1)
	odd := pick(g, []rune("0159-+., \t\n\x00\x1f_exXaTé\u00a0\u2028０𝟏*:;/")...)
	switch rest := runes[min(at+1, len(runes)):]; g.random.IntN(3) {
	case 0:
		return string(runes[:at]) + string(rest)
	case 1:
		return string(runes[:at]) + string(odd) + string(rest)
	}
	return string(runes[:at]) + string(odd) + string(runes[at:])
}
