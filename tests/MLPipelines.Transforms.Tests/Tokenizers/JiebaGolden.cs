using System.Text.Json;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

/// <summary>What bert4keras makes of texts with jieba's words: with jieba's own dictionary ("full"), and with one of two dozen words ("small").</summary>
static class JiebaGolden
{
    public static Golden File { get; } = new("jieba.json");

    public static JiebaDictionary SmallDictionary { get; } = new(Strings(File["small", "dictionary"]));

    public static JiebaTextTokenizer Small(JiebaTextTokenizer.Options? options = null) => new(Strings(File["small", "vocabulary"]), options, SmallDictionary);

    public static JiebaTextTokenizer Full() => new(Strings(File["full", "vocabulary"]));

    public static void AssertCases(string part, JiebaTextTokenizer tokenizer)
    {
        var cases = File[part, "cases"];
        Assert.True(cases.GetArrayLength() >= 25);
        Assert.All(cases.EnumerateArray(), test =>
        {
            var tokens = tokenizer.Tokenize(test.GetProperty("text").GetString()!);
            Assert.Equal(Numbers(test, "ids").Select(id => tokenizer.Vocabulary[id]), tokens.Ids.Select(id => tokenizer.Vocabulary[id]));
            Assert.Equal(Numbers(test, "starts"), tokens.Starts);
            Assert.Equal(Numbers(test, "ends"), tokens.Ends);
        });
    }

    public static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(entry => entry.GetString()!)];

    public static int[] Numbers(JsonElement test, string name) => [.. test.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
