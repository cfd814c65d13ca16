namespace Microsoft.ML.Data;

/// <summary>The annotation that says what the keys of a column stand for.</summary>
internal static class KeyValuesAnnotation
{
    public static void Add<T>(DataViewSchema.Annotations.Builder annotations, PrimitiveDataViewType type, T[] values, bool asText)
    {
        if (asText && type is not TextDataViewType)
            Add(annotations, TextDataViewType.Instance, Array.ConvertAll(values, value => ValueTraits.ToText(value).AsMemory()));
        else
            Add(annotations, type, values);
    }

    private static void Add<T>(DataViewSchema.Annotations.Builder annotations, PrimitiveDataViewType type, T[] values)
    {
        var vectorType = new VectorDataViewType(type, values.Length);
        annotations.Add(AnnotationUtils.Kinds.KeyValues, vectorType, ConstantGetter.Create(values, vectorType));
    }
}
