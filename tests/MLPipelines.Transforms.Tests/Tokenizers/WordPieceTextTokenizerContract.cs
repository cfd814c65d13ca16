using System.Text.Json;
using MLPipelines.Testing;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

[ContractOf(typeof(WordPieceTextTokenizer))]
public sealed class WordPieceTextTokenizerContract : TokenizerContractTests
{
    protected override TokenizerContractCase Case
    {
        get
        {
            var golden = new Golden("wordpiece.json");
            string[] vocabulary = [.. golden["vocabulary"].EnumerateArray().Select(entry => entry.GetString()!)];
            return new(new WordPieceTextTokenizer(vocabulary), [.. golden["cases"].EnumerateArray().Select(test => ToGolden(test, vocabulary))]);
        }
    }

    static TokenizerGolden ToGolden(JsonElement test, string[] vocabulary)
    {
        // The vocabulary has capitals, so the tokenizer keeps them.
        var expected = test.GetProperty("cased");
        return new(test.GetProperty("text").GetString()!, [.. Numbers("ids").Select(id => vocabulary[id])], [.. Numbers("starts").Zip(Numbers("ends"))]);

        IEnumerable<int> Numbers(string name) => expected.GetProperty(name).EnumerateArray().Select(value => value.GetInt32());
    }
}
