using MLPipelines.Host.Models;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class ModelSettingsTests(TinyModel tiny)
{
    [Fact]
    public void A_model_computes_where_the_user_says()
    {
        using (var asSaved = LoadedModel.Open(tiny.ModelFile))
        {
            Assert.Equal("auto", (string?)asSaved.Package.Options["scoring"]!["device"]);
        }

        using (var onProcessor = LoadedModel.Open(tiny.ModelFile, "cpu"))
        {
            Assert.Equal("cpu", (string?)onProcessor.Package.Options["scoring"]!["device"]);
        }

        string[] predict = ["predict", tiny.ModelFile, "--in", tiny.ValidFile], evaluate = ["evaluate", tiny.ModelFile, "--data", tiny.ValidFile, "--json"];
        Assert.Equal(ToolRun.Of(predict).Succeeded().Output, ToolRun.Of([.. predict, "--device", "cpu"]).Succeeded().Output);
        Assert.Equal(ToolRun.Of(evaluate).Succeeded().Output, ToolRun.Of([.. evaluate, "--device", "cpu"]).Succeeded().Output);
        foreach (var command in (string[][])[predict, evaluate])
        {
            ToolRun.Of([.. command, "--device", "gpu"]).FailedWith(Tool.BadInput, "--device", "'gpu'", "cuda:N");
            ToolRun.Of([.. command, "--device", "cuda:99"]).FailedWith(Tool.BadInput, "--device", "'cuda:99'", "not available");
        }
    }
}
