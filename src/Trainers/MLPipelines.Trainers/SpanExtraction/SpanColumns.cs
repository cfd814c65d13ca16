using Microsoft.ML.Data;
using MLPipelines.Schema;
using static Microsoft.ML.SchemaShape.Column;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>The three columns that hold the spans of a row: vectors of the same length.</summary>
sealed record SpanColumns(string Start, string End, string Label)
{
    public IEnumerable<ColumnSpec> Required(string role) =>
    [
        ColumnSpec.Required(Start, role + " start", NumberDataViewType.Int32, VectorKind.VariableVector),
        ColumnSpec.Required(End, role + " end", NumberDataViewType.Int32, VectorKind.VariableVector),
        ColumnSpec.Required(Label, role + " label", TextDataViewType.Instance, VectorKind.VariableVector),
    ];
}
