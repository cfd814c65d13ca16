using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.SentencePairs;
using MLPipelines.Testing;
using MLPipelines.Transforms.Tests.SentencePairs;
using MLPipelines.Whitening;

namespace MLPipelines.Transforms.Tests.Whitening;

[Collection(ContractCollection.Name)]
public sealed class WhiteningSearchTests
{
    readonly MLContext _context = new(1);

    [Fact]
    public void Every_trial_equals_fitting_transforming_and_evaluating()
    {
        var pairs = PairData.Create(1500);
        var (data, corpus) = (PairData.View(_context, pairs), PairData.Corpus(_context, pairs));
        var result = _context.SentencePairs().SearchWhitening(data, new() { Betas = [1, 0, 0.5], Gammas = [0.3, 1, 0], Dimensions = [12, 3, 7] });
        Assert.Equal(27, result.Trials.Count);
        Assert.Equal(result.Trials, result.Trials.OrderBy(trial => trial.Dimensions).ThenBy(trial => trial.Beta).ThenBy(trial => trial.Gamma));
        foreach (var trial in result.Trials)
        {
            using var fitted = _context.Transforms.Whiten("Vector", options: new() { Beta = trial.Beta, Gamma = trial.Gamma, Dimensions = trial.Dimensions }).Fit(corpus);
            var metrics = Evaluate(fitted, pairs);
            Assert.Equal(metrics.Pearson, trial.Pearson, 1e-5);
            Assert.Equal(metrics.Spearman, trial.Spearman, 1e-4);
        }
    }

    [Fact]
    public void The_best_trial_is_the_highest_and_its_transformer_gives_that_score()
    {
        var pairs = PairData.Create(800);
        var result = _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs));
        Assert.Equal(result.Trials.Max(trial => trial.Spearman), result.Best.Spearman);
        Assert.Equal(5 * 5 * 4, result.Trials.Count);
        Assert.Equal([1, 3, 6, 12], result.Trials.Select(trial => trial.Dimensions).Distinct());

        // The loud direction hides the signal from the raw cosines; taking its variance and the common mean away uncovers it.
        Assert.True(result.Raw.Spearman < 0.3, $"raw {result.Raw.Spearman}");
        Assert.True(result.Best.Spearman > result.Raw.Spearman + 0.3, $"best {result.Best}");
        Assert.Equal(_context.SentencePairs().Evaluate(PairData.View(_context, pairs)), result.Raw);
        using var transformer = result.CreateTransformer("Vector");
        Assert.Equal(result.Best.Spearman, Evaluate(transformer, pairs).Spearman, 1e-4);
        using var other = result.CreateTransformer("Whitened", "Vector", result.Trials[0]);
        Assert.Equal(result.Trials[0].Dimensions, ((WhiteningScorer)other.Scorer).Dimensions);
    }

    [Fact]
    public void Pairs_of_equal_vectors_tie_and_a_rotation_changes_no_rank()
    {
        var pairs = PairData.Create(400);
        for (var i = 0; i < pairs.Length; i += 3) pairs[i].Second = pairs[i].First;
        var result = _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs), new() { Betas = [0], Gammas = [0], Dimensions = [PairData.Size] });
        Assert.Equal(result.Raw.Spearman, result.Best.Spearman, 1e-12);
    }

    [Fact]
    public void A_corpus_gives_the_statistics_with_or_without_the_pairs()
    {
        var pairs = PairData.Create(200);
        var more = PairData.Create(300, seed: 5);
        var (data, corpus) = (PairData.View(_context, pairs), PairData.Corpus(_context, more));
        var alone = _context.SentencePairs().SearchWhitening(data, new() { IncludePairs = false }, corpus);
        var together = _context.SentencePairs().SearchWhitening(data, corpus: corpus);
        Assert.Equal(600, alone.Moments.Count);
        Assert.Equal(1000, together.Moments.Count);
        var expected = _context.SentencePairs().SearchWhitening(data, new() { IncludePairs = false }, PairData.Corpus(_context, [.. more, .. pairs]));
        Assert.All(expected.Trials.Zip(together.Trials), pair => Assert.Equal(pair.First.Pearson, pair.Second.Pearson, 1e-9));
    }

    [Fact]
    public void Each_view_is_read_once()
    {
        var pairs = PairData.Create(60);
        var (data, corpus) = (new SpyView(PairData.View(_context, pairs)), new SpyView(PairData.Corpus(_context, pairs)));
        _context.SentencePairs().SearchWhitening(data, corpus: corpus);
        Assert.Equal((1, 1), (data.CursorsOpened, corpus.CursorsOpened));
        Assert.Equal((1, 1), (data.CursorsDisposed, corpus.CursorsDisposed));
    }

    [Fact]
    public void Vectors_that_span_less_than_all_dimensions_cut_the_grid_with_a_warning()
    {
        var pairs = PairData.Create(100);
        foreach (var pair in pairs) pair.First[11] = pair.Second[11] = pair.First[10] = pair.Second[10] = 0;
        var warnings = 0;
        _context.Log += (_, entry) => warnings += entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? 1 : 0;
        var result = _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs), new() { Dimensions = [4, 11, 12] });
        Assert.Equal([4, 10], result.Trials.Select(trial => trial.Dimensions).Distinct());
        Assert.Equal(1, warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3e4f)]
    public void The_largest_beta_has_the_lowest_rank_however_long_the_mean(float mean)
    {
        var pairs = PairData.Create(200);
        foreach (var vector in pairs.SelectMany(pair => new[] { pair.First, pair.Second }))
        {
            for (var slot = 0; slot < PairData.Size; slot++) vector[slot] = slot == 0 ? mean : vector[slot] * (slot >= 10 ? 1e-4f : 1);
        }

        var result = _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs), new() { Dimensions = [PairData.Size] });
        var ranks = result.Trials.Select(trial => trial.Beta).Distinct().Select(beta => WhiteningBasis.Create(result.Moments, beta).Rank).ToList();
        Assert.Equal(ranks.OrderDescending(), ranks);
        Assert.Equal(ranks[^1], Assert.Single(result.Trials.Select(trial => trial.Dimensions).Distinct()));
    }

    [Fact]
    public void Without_any_correlation_there_is_no_best()
    {
        var pairs = PairData.Create(10);
        foreach (var pair in pairs) pair.Score = 3;
        Assert.Contains("10 pairs", Assert.Throws<DataFormatException>(() => _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs))).Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => _context.SentencePairs().SearchWhitening(PairData.View(_context, PairData.Create(1))));
    }

    [Fact]
    public void The_table_holds_every_trial_and_marks_the_best()
    {
        var result = _context.SentencePairs().SearchWhitening(PairData.View(_context, PairData.Create(100)), new() { Betas = [0, 1], Gammas = [0, 0.5], Dimensions = [3, 6] });
        var lines = result.ToTable().Split('\n');
        Assert.Equal("k = 3         γ 0       γ 0.5   ", lines[0]);
        foreach (var trial in result.Trials) Assert.Contains(lines, line => line.StartsWith($"β {trial.Beta}", StringComparison.Ordinal) && line.Contains(trial.Spearman.ToString("0.0000", CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Equal(2, result.ToTable().Count(character => character == '*'));
        Assert.Contains("not whitened", result.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_is_well_formed_and_has_a_cell_for_each_trial()
    {
        var pairs = PairData.Create(100);
        var result = _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs), new() { Betas = [0, 0.5, 1], Gammas = [0, 1], Dimensions = [3, 6] });
        var svg = XDocument.Parse(result.ToSvg());
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(ns + "svg", svg.Root!.Name);
        var cells = svg.Descendants(ns + "rect").Skip(1).ToList();
        Assert.Equal(12, cells.Count);
        Assert.Single(cells, cell => cell.Attribute("stroke") is not null);
        var texts = svg.Descendants(ns + "text").Select(text => text.Value).ToList();
        Assert.All(result.Trials, trial => Assert.Contains(trial.Spearman.ToString("0.0000", CultureInfo.InvariantCulture), texts));
        Assert.Contains("k = 3", texts);

        // A trial whose cosines are all equal has no correlation: a grey cell, no crash. In one dimension about nothing all cosines are 1.
        foreach (var vector in pairs.SelectMany(pair => new[] { pair.First, pair.Second })) vector[0] = 100 + Math.Abs(vector[0]);
        var constant = _context.SentencePairs().SearchWhitening(PairData.View(_context, pairs), new() { Betas = [0], Dimensions = [1, PairData.Size] });
        Assert.Contains(constant.Trials, trial => double.IsNaN(trial.Spearman));
        Assert.False(double.IsNaN(constant.Best.Spearman));
        Assert.Contains("#cccccc", constant.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_and_data_are_refused()
    {
        var data = PairData.View(_context, PairData.Create(10));
        var catalog = _context.SentencePairs();
        var message = Assert.Throws<ArgumentException>(() => catalog.SearchWhitening(data, new() { Betas = [], Gammas = [2], Dimensions = [0] })).Message;
        foreach (var option in new[] { "Betas", "Gammas", "Dimensions" }) Assert.Contains(option, message, StringComparison.Ordinal);
        Assert.StartsWith("MLP152", Assert.Throws<ArgumentException>(() => catalog.SearchWhitening(data, corpus: VectorData.View(_context))).Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => catalog.SearchWhitening(PairData.View(_context, [])));
        Assert.Throws<OperationCanceledException>(() => catalog.SearchWhitening(data, new() { CancellationToken = new(canceled: true) }));
    }

    [Fact]
    public void A_search_frees_its_tensors()
    {
        var data = PairData.View(_context, PairData.Create(40));
        Search();
        NativeMemory.RequireNoLeak("a search", 2, Search);

        void Search() => _context.SentencePairs().SearchWhitening(data).CreateTransformer("Vector").Dispose();
    }

    SentencePairMetrics Evaluate(ITransformer transformer, PairData.Pair[] pairs)
    {
        var vectors = VectorData.Read(transformer.Transform(PairData.Corpus(_context, pairs)), "Vector");
        double[] cosines = [.. vectors.Chunk(2).Select(pair => SentencePairMetrics.Cosine(pair[0], pair[1]))];
        return SentencePairMetrics.Of(cosines, [.. pairs.Select(pair => (double)pair.Score)]);
    }
}
