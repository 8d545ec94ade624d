package bench

import (
	"testing"
	"time"
)

// TestMedian: rounds are compared with the rounds beside them.
func TestMedian(t *testing.T) {
	t.Parallel()
	rounds := func(cpu ...int) (list []figures) {
		for _, c := range cpu {
			list = append(list, figures{ops: 1, cpu: time.Duration(c) * time.Microsecond})
		}
		return list
	}
	for _, c := range []struct {
		all, first []figures
		want       float64
	}{
		{rounds(300, 100, 90), rounds(200, 100, 100), 1},    // 1.5, 1, 0.9
		{rounds(200, 400), rounds(100, 100), 3},             // 2, 4
		{rounds(120, 240, 600), rounds(100, 200, 100), 1.2}, // the machine was slow in the second
		{rounds(100, 100, 100), rounds(100, 100, 100), 1},   // itself
	} {
		if got := median(c.all, c.first); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}
