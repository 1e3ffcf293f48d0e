#include "gyre/robot/import/xml_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "gyre/core/error.h"

namespace gyre::xml {
namespace {

namespace pt = boost::property_tree;

constexpr const char* kAttributes = "<xmlattr>";
constexpr int kDeepest = 500;  // elements in each other: the parser calls itself for each

void require_shallow(std::string_view text, const std::string& where) {
  int depth = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '<' && text[i + 1] != '/' && text[i + 1] != '!' && text[i + 1] != '?') ++depth;
    if (text[i] == '<' && text[i + 1] == '/') --depth;
    if (text[i] == '/' && text[i + 1] == '>') --depth;
    if (depth > kDeepest) throw Error(where, "its elements lie too deep in each other");
  }
}

}  // namespace

Tree parse(const std::string& text, const std::string& where) {
  require_shallow(text, where);
  std::istringstream stream(text);
  Tree document;
  try {
    pt::read_xml(stream, document, pt::xml_parser::trim_whitespace | pt::xml_parser::no_comments);
  } catch (const pt::xml_parser_error& error) {
    throw Error(fmt::format("{}, line {}", where, error.line()), error.message());
  }
  return document;
}

std::string text_of(const Tree& document) {
  std::ostringstream stream;
  pt::write_xml(stream, document, pt::xml_writer_settings<std::string>(' ', 2));
  const std::string text = stream.str();
  return text.substr(text.find("?>") + 3);  // without the declaration
}

std::string attribute(const Tree& element, const std::string& name) {
  const Tree* attributes = find_child(element, kAttributes);
  const Tree* value = attributes == nullptr ? nullptr : find_child(*attributes, name);
  return value == nullptr ? "" : value->data();
}

void set_attribute(Tree& element, const std::string& name, const std::string& value) {
  if (find_child(element, kAttributes) == nullptr) element.push_front({kAttributes, Tree()});
  Tree& attributes = *find_child(element, kAttributes);
  Tree* there = find_child(attributes, name);
  if (there != nullptr) {
    there->data() = value;
  } else {
    attributes.push_back({name, Tree(value)});
  }
}

void remove_attribute(Tree& element, const std::string& name) {
  if (Tree* attributes = find_child(element, kAttributes)) attributes->erase(name);
}

const Tree* find_child(const Tree& element, std::string_view name) {
  const auto found =
      std::ranges::find_if(element, [name](const auto& each) { return each.first == name; });
  return found == element.end() ? nullptr : &found->second;
}

Tree* find_child(Tree& element, std::string_view name) {
  return const_cast<Tree*>(find_child(std::as_const(element), name));
}

Tree& child(Tree& element, const std::string& name) {
  if (Tree* there = find_child(element, name)) return *there;
  return element.push_back({name, Tree()})->second;
}

void each_below(Tree& element, const std::function<void(const std::string&, Tree&)>& visit) {
  for (auto& [name, below] : element) {
    if (name == kAttributes) continue;
    visit(name, below);
    each_below(below, visit);
  }
}

}  // namespace gyre::xml
