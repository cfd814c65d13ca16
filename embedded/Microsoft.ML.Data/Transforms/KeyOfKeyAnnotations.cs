namespace Microsoft.ML.Data;

/// <summary>Key values of a mapped column; where the input is a key itself and has key values, the new keys get those.</summary>
internal static class KeyOfKeyAnnotations
{
    public static void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, TermMap map, bool asText)
    {
        if (map.Count > 0 && input.Type.GetItemType() is KeyDataViewType keyType
            && input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType valuesType
            && (ulong)valuesType.Size == keyType.Count)
            GenericCall.Invoke<object>(Translate<uint, int>, keyType.RawType, valuesType.ItemType.RawType, annotations, input, map, asText);
        else
            map.AddKeyValues(annotations, asText);
    }

    private static object Translate<TKey, TValue>(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, TermMap map, bool asText)
    {
        VBuffer<TValue> inputValues = default;
        input.GetKeyValues(ref inputValues);
        TValue[] all = [.. inputValues.DenseValues()];
        var type = ((VectorDataViewType)input.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type).ItemType;
        var values = new List<TValue>();
        foreach (var key in ((TermMap<TKey>)map).Values)
            values.Add(all[Convert.ToInt32(key, null) - 1]);
        KeyValuesAnnotation.Add(annotations, type, [.. values], asText);
        return null;
    }
}
