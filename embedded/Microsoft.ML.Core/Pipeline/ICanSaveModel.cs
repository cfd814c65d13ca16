namespace Microsoft.ML;

/// <summary>Something that can be saved as a part of a model.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}
