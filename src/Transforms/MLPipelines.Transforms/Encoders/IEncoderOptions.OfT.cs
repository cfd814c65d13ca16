namespace MLPipelines.Encoders;

/// <summary>Implemented by the options of every encoder that can be made in any size.</summary>
/// <typeparam name="TSelf">The options themselves.</typeparam>
public interface IEncoderOptions<TSelf> : IEncoderOptions
    where TSelf : IEncoderOptions<TSelf>
{
    /// <summary>The options of this family that come closest to a shape; everything else has its default.</summary>
    /// <param name="shape">The shape; validated when an encoder is made.</param>
    static abstract TSelf FromShape(EncoderShape shape);
}
