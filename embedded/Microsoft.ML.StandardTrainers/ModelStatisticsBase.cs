using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(ModelStatisticsBase), null, typeof(SignatureLoadModel), "Model Statistics", ModelStatisticsBase.LoaderSignature)]

namespace Microsoft.ML.Trainers;

/// <summary>How well a model fits the data that it was trained with.</summary>
public class ModelStatisticsBase : ICanSaveModel
{
    public readonly long TrainingExampleCount;
    public readonly float Deviance;

    /// <summary>The deviance of a model that knows only how frequent each class is.</summary>
    public readonly float NullDeviance;
    public readonly int ParametersCount;

    internal const string LoaderSignature = "ModelStats";

    private readonly IHostEnvironment _env;

    internal ModelStatisticsBase(IHostEnvironment env, long trainingExampleCount, int paramCount, float deviance, float nullDeviance)
        => (_env, TrainingExampleCount, ParametersCount, Deviance, NullDeviance) = (env, trainingExampleCount, paramCount, deviance, nullDeviance);

    // Format: int32 parameters, int64 rows, single deviance, single null deviance.
    private ModelStatisticsBase(IHostEnvironment env, ModelLoadContext ctx)
    {
        _env = env;
        ParametersCount = ctx.Reader.ReadInt32();
        TrainingExampleCount = ctx.Reader.ReadInt64();
        env.CheckDecode(ParametersCount > 0 && TrainingExampleCount > 0, "Corrupt model file: its statistics are of no rows or no parameters");
        Deviance = ctx.Reader.ReadSingle();
        NullDeviance = ctx.Reader.ReadSingle();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        _env.CheckValue(ctx, nameof(ctx));
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(ParametersCount);
        ctx.Writer.Write(TrainingExampleCount);
        ctx.Writer.Write(Deviance);
        ctx.Writer.Write(NullDeviance);
    }

    internal static ModelStatisticsBase Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new ModelStatisticsBase(env, ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "MOD STAT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ModelStatisticsBase).Assembly.FullName);
}
