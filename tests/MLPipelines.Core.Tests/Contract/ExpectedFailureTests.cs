using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests.Contract;

public sealed class ExpectedFailureTests
{
    [Fact]
    public void Check_that_fails_as_expected_passes() => Run(fails: true, new() { ["Check"] = "the component maps any type" });

    [Fact]
    public void Check_that_fails_unexpectedly_fails() => Assert.Throws<ContractViolationException>(() => Run(fails: true, []));

    [Fact]
    public void Entry_whose_check_passes_is_an_error()
        => Assert.Equal("'Check' is listed as an expected failure but passes; delete the entry", Message(fails: false, new() { ["Check"] = "the component maps any type" }));

    [Theory]
    [InlineData("")]
    [InlineData("FIXME later on")]
    [InlineData("todo: find out why")]
    [InlineData("broken")]
    public void Entry_without_a_real_reason_is_an_error(string reason)
        => Assert.Equal("'Check' is listed as an expected failure without a reason", Message(fails: true, new() { ["Check"] = reason }));

    [Fact]
    public void Entry_for_an_unknown_check_is_an_error()
        => Assert.Equal("'Cheque' is listed as an expected failure, but there is no such check here", Message(fails: true, new() { ["Cheque"] = "a good reason" }));

    [Fact]
    public void Assembly_without_the_collection_is_told_what_to_write()
        => Assert.Contains("[CollectionDefinition(ContractCollection.Name, DisableParallelization = true)]",
            Assert.Throws<ContractViolationException>(() => ContractRunner.Run<int>([], "Check", 0, new Dictionary<string, string>(), typeof(object).Assembly)).Message, StringComparison.Ordinal);

    static string Message(bool fails, Dictionary<string, string> expected) => Assert.Throws<ContractViolationException>(() => Run(fails, expected)).Message;

    static void Run(bool fails, Dictionary<string, string> expected)
    {
        ContractRunner.Run([new(Check)], nameof(Check), 0, expected, typeof(ExpectedFailureTests).Assembly);

        void Check(int _) => Require.That(!fails, "it fails");
    }
}
