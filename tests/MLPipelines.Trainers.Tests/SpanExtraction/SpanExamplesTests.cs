using MLPipelines.Tokenizers;
using MLPipelines.Trainers.SpanExtraction;
using Xunit;

namespace MLPipelines.Trainers.Tests.SpanExtraction;

public sealed class SpanExamplesTests
{
    static readonly string[] s_labels = ["A", "B"];
    static readonly WordPieceTextTokenizer s_tokenizer = WordPieceTextTokenizer.BuildFrom(["one two three four five six seven eight nine ten eleven twelve"]);

    static SpanExamples Create(string text, int maximumLength, int overlap, params LabeledSpan[] spans) =>
        SpanExamples.Create([new GoldRow(text, spans)], s_tokenizer, s_labels, maximumLength, overlap, default);

    static LabeledSpan Span(string text, string part, string label) =>
        new(text.IndexOf(part, StringComparison.Ordinal), text.IndexOf(part, StringComparison.Ordinal) + part.Length, label);

    [Fact]
    public void Positions_count_from_the_first_special_token_and_are_inclusive()
    {
        const string Text = "one two three four";
        var tokens = s_tokenizer.Tokenize(Text);
        var examples = Create(Text, 64, 8, Span(Text, "one", "A"), Span(Text, "two three", "B"), Span(Text, "two three", "B"));
        var example = Assert.Single(examples.Examples);
        Assert.Equal((2, 0, 0), (examples.Spans, examples.Misaligned, examples.Split));
        var first = Array.IndexOf(tokens.Starts, 4);
        var last = Array.LastIndexOf(tokens.Ends, 13);
        Assert.Equal([(0, 1, Array.LastIndexOf(tokens.Ends, 3) + 1), (1, first + 1, last + 1)], example.Targets);
        Assert.Empty(examples.Warnings());
    }

    [Fact]
    public void Spans_between_token_boundaries_are_counted_and_reported()
    {
        const string Text = "one, two";
        // From the comma to the space after it: no token ends there.
        var examples = Create(Text, 64, 8, new LabeledSpan(3, 5, "A"), new LabeledSpan(0, 3, "A"));
        Assert.Equal((2, 1), (examples.Spans, examples.Misaligned));
        Assert.Single(Assert.Single(examples.Examples).Targets);
        Assert.Contains("1 of 2", Assert.Single(examples.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_texts_become_windows_that_together_contain_every_short_span()
    {
        string[] words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
        var text = string.Join(' ', words);
        var tokens = s_tokenizer.Tokenize(text).Count;
        var examples = Create(text, 8, 2, [.. words.Select(w => Span(text, w, "A"))]);
        Assert.True(examples.Examples.Count > 1);
        Assert.All(examples.Examples, e => Assert.InRange(e.Window.Count, 1, 6));
        Assert.Equal(tokens, examples.Examples.SelectMany(e => Enumerable.Range(e.Window.First, e.Window.Count)).Distinct().Count());
        var found = examples.Examples.SelectMany(e => e.Targets.Select(t => (t.First - 1 + e.Window.First, t.Last - 1 + e.Window.First))).Distinct().Count();
        Assert.Equal(words.Length - examples.Split, found);
    }

    [Fact]
    public void Spans_that_no_window_contains_are_counted_and_reported()
    {
        const string Text = "one two three four five six seven eight nine ten eleven twelve";
        var examples = Create(Text, 8, 2, new LabeledSpan(0, Text.Length, "B"));
        Assert.Equal((1, 0, 1), (examples.Spans, examples.Misaligned, examples.Split));
        Assert.All(examples.Examples, e => Assert.Empty(e.Targets));
        Assert.Contains("WindowOverlap", Assert.Single(examples.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_tokens_gives_no_example()
    {
        Assert.Empty(Create("  ", 8, 2).Examples);
    }
}
