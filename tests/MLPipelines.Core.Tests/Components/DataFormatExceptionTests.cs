using MLPipelines.Components;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed class DataFormatExceptionTests
{
    [Fact]
    public void Message_says_what_where_expected_and_found()
    {
        var inner = new FormatException("inner");
        var exception = new DataFormatException("the field 'text' is missing", "train.jsonl", 3, 12, "an object with the field 'text'", "the fields 'txt'", inner);

        Assert.Equal("MLP001: the field 'text' is missing (train.jsonl, line 3, column 12). Expected: an object with the field 'text'. Got: the fields 'txt'.", exception.Message);
        Assert.Equal(("train.jsonl", 3L, 12L), (exception.File, exception.Line, exception.Column));
        Assert.Equal(("an object with the field 'text'", "the fields 'txt'"), (exception.Expected, exception.Found));
        Assert.Same(inner, exception.InnerException);
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        Assert.Equal("MLP001: the file is empty (train.jsonl).", new DataFormatException("the file is empty", "train.jsonl").Message);
        Assert.Equal("MLP001: no rows.", new DataFormatException("no rows").Message);
        Assert.Equal("MLP001: no rows (line 1000).", new DataFormatException("no rows", line: 1000).Message);
    }
}
