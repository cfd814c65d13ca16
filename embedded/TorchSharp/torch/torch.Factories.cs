using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static Arg None => Arg.None;

    private static Device Where(Device? device) => InitializeDevice(device);

    /// <summary>As in TorchSharp, the type of a filled tensor is the default one unless given.</summary>
    private static ScalarType Full(ScalarType? dtype, Scalar value) => dtype ?? get_default_dtype();

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Ops.arange_start_step.T(start, stop, step, dtype ?? RangeType(start, stop, step), None, Where(device)).WithGrad(requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    private static ScalarType RangeType(Scalar start, Scalar stop, Scalar step) =>
        is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type) ? ScalarType.Int64 : get_default_dtype();

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Ops.linspace.T(start, end, steps, dtype ?? get_default_dtype(), None, Where(device)).WithGrad(requires_grad);

    public static Tensor eye(
        long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Ops.eye_m.T(rows, columns < 0 ? rows : columns, dtype ?? get_default_dtype(), None, Where(device)).WithGrad(requires_grad);

    public static Tensor tril_indices(
        long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.tril_indices.T(row, col, offset, dtype, None, Where(device));

    public static Tensor triu_indices(
        long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.triu_indices.T(row, col, offset, dtype, None, Where(device));

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        input.zeros_like(dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        input.ones_like(dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        input.empty_like(dtype, device, requires_grad);

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        input.full_like(value, dtype, device, requires_grad);
}
