using System.Text.Json.Nodes;
using MLPipelines.Host.Diagnostics;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class DoctorTests
{
    [Fact]
    public void Report_has_every_section_and_the_exit_code_counts_problems()
    {
        var run = ToolRun.Of("doctor", "--json");
        var report = Assert.Single(run.OutputLines).AsObject();
        Assert.All((string[])["runtime", "processor", "matrix_product", "libtorch", "blas", "threads", "cuda", "openblas_coretype"], key => Assert.NotNull(report[key]!["found"]));
        var problems = (int)report["problems"]!;
        Assert.Equal(report.Count(pair => pair.Value is JsonObject finding && !finding["ok"]!.GetValue<bool>()), problems);
        Assert.Equal(problems == 0 ? Tool.Success : Tool.Failure, run.Code);
    }

    [Fact]
    public void Core_type_that_hides_a_vector_extension_is_a_problem_only_where_the_processor_has_it()
    {
        Assert.Null(Doctor.CoreTypeAdvice(null));
        Assert.Null(Doctor.CoreTypeAdvice("SkylakeX"));
        Assert.Equal(Processor.HasAvx512, Doctor.CoreTypeAdvice("Haswell") is not null);
    }
}
