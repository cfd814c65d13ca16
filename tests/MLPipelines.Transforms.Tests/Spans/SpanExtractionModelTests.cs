namespace MLPipelines.Transforms.Tests.Spans;

public sealed class SpanExtractionModelTests
{
    [Fact]
    public void Every_parameter_is_there_once_under_its_part()
    {
        using var model = TinySpans.Model(TinySpans.Tokenizer());
        var (names, states) = (model.named_parameters().Select(parameter => parameter.name).ToList(), model.state_dict());
        Assert.All(names, name => Assert.Matches("^(encoder\\.(embeddings|encoder)|head)\\.", name));
        Assert.Equal(names.Order(StringComparer.Ordinal), states.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal(4 + (2 * 16) + 2, names.Count);
    }
}
