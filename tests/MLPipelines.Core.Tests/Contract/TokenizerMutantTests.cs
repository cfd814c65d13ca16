using MLPipelines.Testing;
using MLPipelines.Tokenizers;
using Xunit;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class TokenizerMutantTests
{
    public enum Fault
    {
        None,
        WrongToken,
        WrongOffset,
        ThrowsOnUnpairedSurrogate,
        EmptyTextHasToken,
        SplitsSurrogatePairs,
        OffsetsOverlap,
        OffsetBehindTheEnd,
        IdOutsideTheVocabulary,
        SpecialTokensShareAnId,
        RemembersCalls,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.WrongToken, nameof(TokenizerChecks.GoldensAreMet) },
        { Fault.WrongOffset, nameof(TokenizerChecks.GoldensAreMet) },
        { Fault.ThrowsOnUnpairedSurrogate, nameof(TokenizerChecks.HostileTextIsAccepted) },
        { Fault.EmptyTextHasToken, nameof(TokenizerChecks.HostileTextIsAccepted) },
        { Fault.SplitsSurrogatePairs, nameof(TokenizerChecks.OffsetsPointIntoTheText) },
        { Fault.OffsetsOverlap, nameof(TokenizerChecks.OffsetsPointIntoTheText) },
        { Fault.OffsetBehindTheEnd, nameof(TokenizerChecks.OffsetsPointIntoTheText) },
        { Fault.IdOutsideTheVocabulary, nameof(TokenizerChecks.IdsAreInTheVocabulary) },
        { Fault.SpecialTokensShareAnId, nameof(TokenizerChecks.SpecialIdsAreDistinct) },
        { Fault.RemembersCalls, nameof(TokenizerChecks.IsDeterministicOnAllThreads) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(TokenizerChecks.All, check, Case(fault));

    [Fact]
    public void Correct_tokenizer_passes_every_check() => Mutants.RequirePasses(TokenizerChecks.All, Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant() => Mutants.RequireEveryCheckHasKilled(TokenizerChecks.All, Faults.Select(row => (string)row[1]));

    static TokenizerContractCase Case(Fault fault) => new(new Characters(fault), [new("ab", ["a", "b"], [(0, 1), (1, 2)]), new("b😀", ["b", "[UNK]"], [(0, 1), (1, 3)])]);

    /// <summary>One token for each character that is not blank.</summary>
    sealed class Characters(Fault fault) : ITextTokenizer
    {
        int _calls;

        public IReadOnlyList<string> Vocabulary { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"];

        public int PadId => 0;

        public int UnkId => 1;

        public int ClsId => 2;

        public int SepId => fault == Fault.SpecialTokensShareAnId ? 2 : 3;

        public int MaskId => 4;

        public object Settings => fault;

        public TokenizedText Tokenize(string text)
        {
            var (ids, starts, ends) = (new List<int>(), new List<int>(), new List<int>());
            if (text.Length == 0 && fault == Fault.EmptyTextHasToken) return new([1], [0], [0]);
            var width = 1;
            for (var i = 0; i < text.Length; i += width)
            {
                var pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
                if (!pair && char.IsSurrogate(text[i]) && fault == Fault.ThrowsOnUnpairedSurrogate) throw new ArgumentException("surrogate");
                width = pair && fault != Fault.SplitsSurrogatePairs ? 2 : 1;
                if (char.IsWhiteSpace(text[i])) continue;
                ids.Add(text[i] switch { 'a' => fault == Fault.WrongToken ? 6 : 5, 'b' => 6, _ => fault == Fault.IdOutsideTheVocabulary ? 7 : UnkId });
                starts.Add(fault == Fault.OffsetsOverlap && i > 0 ? i - 1 : i);
                ends.Add(i + width + (fault == Fault.OffsetBehindTheEnd || (fault == Fault.WrongOffset && i + width < text.Length) ? 1 : 0));
            }

            if (fault == Fault.RemembersCalls && ids.Count > 0 && Interlocked.Increment(ref _calls) % 7 == 0) ids[0] = UnkId == ids[0] ? 5 : UnkId;
            return new([.. ids], [.. starts], [.. ends]);
        }
    }
}
