using System.CommandLine;
using MLPipelines.Benchmarks;

var root = new RootCommand("Golden vectors on a device, and throughput. One JSON object per measurement.")
{
    Goldens.Command(), DeviceChecks.Command(), WhiteningFit.Command(), EncoderThroughput.Command(), TokenizerThroughput.Command(), ScoringThroughput.Command(), EmbeddingThroughput.Command(),
};
return root.Parse(args).Invoke();
