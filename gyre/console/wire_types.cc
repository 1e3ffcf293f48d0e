#include "gyre/console/wire_types.h"

#include <fmt/format.h>

#include <type_traits>
#include <vector>

#include "gyre/console/flywheel_wire.h"
#include "gyre/console/recorded_wire.h"
#include "gyre/console/wire.h"

namespace gyre::console {
namespace {

template <class T>
constexpr const char* kTypeName = "";
template <>
constexpr const char* kTypeName<FieldInfo> = "FieldInfo";
template <>
constexpr const char* kTypeName<RobotInfo> = "RobotInfo";
template <>
constexpr const char* kTypeName<FolderLine> = "FolderLine";
template <>
constexpr const char* kTypeName<Band> = "Band";
template <>
constexpr const char* kTypeName<Mark> = "Mark";
template <>
constexpr const char* kTypeName<LabelLine> = "LabelLine";
template <>
constexpr const char* kTypeName<ShapeInfo> = "ShapeInfo";
template <>
constexpr const char* kTypeName<RateLine> = "RateLine";
template <>
constexpr const char* kTypeName<PolicyLine> = "PolicyLine";
template <>
constexpr const char* kTypeName<UseLine> = "UseLine";
template <>
constexpr const char* kTypeName<ComparisonLine> = "ComparisonLine";
template <>
constexpr const char* kTypeName<ClipLine> = "ClipLine";
template <>
constexpr const char* kTypeName<RunLine> = "RunLine";
template <>
constexpr const char* kTypeName<StageLine> = "StageLine";
template <>
constexpr const char* kTypeName<ScopeLine> = "ScopeLine";
template <>
constexpr const char* kTypeName<Curve> = "Curve";

template <class T>
struct TypeScript {
  static std::string name() {
    if constexpr (std::is_same_v<T, bool>) return "boolean";
    if constexpr (std::is_arithmetic_v<T>) return "number";
    if constexpr (std::is_same_v<T, std::string>) return "string";
    return kTypeName<T>;
  }
};
template <class T>
struct TypeScript<std::vector<T>> {
  static std::string name() { return TypeScript<T>::name() + "[]"; }
};

struct TypeWriter {
  std::string& text;
  template <class T>
  void operator()(const char* name, const T&) {
    text += fmt::format("  {}: {};\n", name, TypeScript<T>::name());
  }
};

template <class T>
void add_interface(std::string& text, const char* name, const char* type = nullptr) {
  text += fmt::format("\nexport interface {} {{\n", name);
  if (type != nullptr) text += fmt::format("  type: \"{}\";\n", type);
  TypeWriter writer{text};
  const T value;
  T::fields(writer, value);
  text += "}\n";
}

}  // namespace

std::string wire_types() {
  std::string text =
      "// Made from gyre/console/wire.h by `gyre console --types`; do not edit. The meaning of "
      "each\n"
      "// field is told there.\n";
  add_interface<FieldInfo>(text, "FieldInfo");
  add_interface<RobotInfo>(text, "RobotInfo");
  add_interface<Hello>(text, "Hello", Hello::kType);
  add_interface<Status>(text, "Status", Status::kType);
  add_interface<Samples>(text, "Samples", Samples::kType);
  add_interface<EventLine>(text, "EventLine", EventLine::kType);
  add_interface<ShapeInfo>(text, "ShapeInfo");
  add_interface<SceneShapes>(text, "SceneShapes", SceneShapes::kType);
  add_interface<ScenePoses>(text, "ScenePoses", ScenePoses::kType);
  add_interface<GripperPath>(text, "GripperPath", GripperPath::kType);
  add_interface<Refused>(text, "Refused", Refused::kType);
  text +=
      "\nexport type FromServer = Hello | Status | Samples | EventLine | SceneShapes | ScenePoses "
      "|\n  GripperPath | Refused;\n";
  add_interface<Command>(text, "Command");
  add_interface<FolderLine>(text, "FolderLine");
  add_interface<EpisodeList>(text, "EpisodeList");
  add_interface<FoundEpisodes>(text, "FoundEpisodes");
  add_interface<Band>(text, "Band");
  add_interface<Mark>(text, "Mark");
  add_interface<RecordedEpisode>(text, "RecordedEpisode");
  add_interface<LabelLine>(text, "LabelLine");
  add_interface<EpisodeLabels>(text, "EpisodeLabels");
  add_interface<Judgement>(text, "Judgement");
  add_interface<RateLine>(text, "RateLine");
  add_interface<PolicyLine>(text, "PolicyLine");
  add_interface<UseLine>(text, "UseLine");
  add_interface<ComparisonLine>(text, "ComparisonLine");
  add_interface<ClipLine>(text, "ClipLine");
  add_interface<RunLine>(text, "RunLine");
  add_interface<StageLine>(text, "StageLine");
  add_interface<FlywheelState>(text, "FlywheelState");
  add_interface<ScopeLine>(text, "ScopeLine");
  add_interface<ScopeState>(text, "ScopeState");
  add_interface<Curve>(text, "Curve");
  add_interface<TrainingCurves>(text, "TrainingCurves");
  add_interface<TurnCommand>(text, "TurnCommand");
  add_interface<CostAnswer>(text, "CostAnswer");
  add_interface<UseCommand>(text, "UseCommand");
  text += fmt::format("\nexport const pictureHeadBytes = {};\n", PictureHead::kBytes);
  return text;
}

}  // namespace gyre::console
