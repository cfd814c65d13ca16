using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Spans;

namespace MLPipelines.Transforms.Tests.Spans;

public sealed class FlatSpansTests
{
    static bool Overlap(PredictedSpan a, PredictedSpan b) => a.Start < b.End && b.Start < a.End;

    [Fact]
    public void The_best_of_overlapping_spans_stays_in_its_place()
    {
        PredictedSpan[] spans = [new(0, 4, "a", 1), new(2, 8, "b", 3), new(2, 8, "c", 2), new(6, 9, "d", 2.5f), new(8, 9, "e", 0.5f)];
        Assert.Equal([spans[1], spans[4]], FlatSpans.Of(spans));
        Assert.Equal([spans[0], spans[3]], FlatSpans.Of([spans[0], spans[3]]));
        Assert.Empty(FlatSpans.Of([]));
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(-1, 4)]
    public void Spans_that_are_none_are_refused(int start, int end) => Assert.Throws<ArgumentException>(() => FlatSpans.Of([new(0, 1, "a", 1), new(start, end, "b", 1)]));

    [Fact]
    public void The_first_of_equal_scores_stays() => Assert.Equal("b", Assert.Single(FlatSpans.Of([new(3, 5, "b", 1), new(4, 6, "a", 1)])).Label);

    [Fact]
    public void What_stays_does_not_overlap_and_what_goes_overlaps_with_something_as_good() => Prop.ForAll(
        (from start in Gen.Choose(0, 30) from length in Gen.Choose(1, 8) from score in Gen.Choose(1, 5) select new PredictedSpan(start, start + length, "x", score)).ListOf().ToArbitrary(),
        spans =>
        {
            var kept = FlatSpans.Of([.. spans]);
            for (var i = 0; i < kept.Count; i++) Assert.DoesNotContain(kept.Skip(i + 1), other => Overlap(kept[i], other));
            Assert.All(spans, span => Assert.Contains(kept, other => Overlap(span, other) && other.Score >= span.Score));
            Assert.Equal(kept, spans.Distinct().Where(kept.Contains));
        }).QuickCheckThrowOnFailure();
}
