namespace ApiCompare;

/// <summary>A visible method, property, event or field.</summary>
/// <param name="Display">Its declaration, on one line.</param>
/// <param name="Facts">What must be the same on both sides, by the name of the property compared.</param>
/// <param name="IsAbstract">A derived class has to implement it.</param>
/// <param name="IsOverridable">A derived class may override it.</param>
/// <param name="IsOverride">It only overrides what a base class declares, and so adds nothing to the API.</param>
public sealed record ApiMember(string Display, IReadOnlyDictionary<string, string> Facts, bool IsAbstract = false, bool IsOverridable = false, bool IsOverride = false);
