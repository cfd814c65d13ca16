using MLPipelines.Testing;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

[ContractOf(typeof(JiebaTextTokenizer))]
public sealed class JiebaTextTokenizerContract : TokenizerContractTests
{
    protected override TokenizerContractCase Case
    {
        get
        {
            var tokenizer = JiebaGolden.Small();
            return new(tokenizer, [.. JiebaGolden.File["small", "cases"].EnumerateArray().Select(test => new TokenizerGolden(
                test.GetProperty("text").GetString()!,
                [.. JiebaGolden.Numbers(test, "ids").Select(id => tokenizer.Vocabulary[id])],
                [.. JiebaGolden.Numbers(test, "starts").Zip(JiebaGolden.Numbers(test, "ends"))]))]);
        }
    }
}
